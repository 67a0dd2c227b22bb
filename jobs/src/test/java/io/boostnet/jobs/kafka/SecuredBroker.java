package io.boostnet.jobs.kafka;

import io.boostnet.jobs.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A broker with TLS and SASL alone, whose certificate and password are made when it starts, and
 * files of client properties that fit and that do not.
 */
final class SecuredBroker implements AutoCloseable {

  /** User of the clients. */
  static final String USER = "boostnet";

  private final Path directory;
  private final String password;
  private final EmbeddedBroker broker;

  private SecuredBroker(Path directory, String password, EmbeddedBroker broker) {
    this.directory = directory;
    this.password = password;
    this.broker = broker;
  }

  /** Starts it; all of its files are in the directory. */
  static SecuredBroker start(Path directory) throws IOException, InterruptedException {
    Path keys = directory.resolve("broker.p12");
    String storePassword = UUID.randomUUID().toString();
    keytool(
        "-genkeypair -keyalg EC -dname CN=localhost -ext SAN=dns:localhost -validity 2",
        keys,
        storePassword);
    keytool("-exportcert -rfc -file " + certificate(directory), keys, storePassword);
    String password = UUID.randomUUID().toString();
    String login =
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"%s\" password=\"%s\" user_%s=\"%s\";"
                .formatted(USER, password, USER, password);
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            "SASL_SSL",
            Map.of(
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                storePassword,
                "ssl.truststore.location",
                certificate(directory).toString(),
                "ssl.truststore.type",
                "PEM",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                login));
    return new SecuredBroker(directory, password, broker);
  }

  private static void keytool(String arguments, Path keys, String storePassword)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-keystore", keys.toString(), "-alias", "broker"));
    command.addAll(List.of("-storepass", storePassword));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("keytool " + arguments + ": " + output);
    }
  }

  private static Path certificate(Path directory) {
    return directory.resolve("broker.pem");
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** The password of {@link #USER}. */
  String password() {
    return password;
  }

  /** Properties of clients that trust the broker. */
  Path tls() {
    return write(
        "tls.properties",
        "security.protocol=SASL_SSL",
        "ssl.truststore.type=PEM",
        "ssl.truststore.location=" + certificate(directory));
  }

  /** Properties of clients that trust the authorities of the JDK alone. */
  Path tlsWithoutTrust() {
    return write("tls-without-trust.properties", "security.protocol=SASL_SSL");
  }

  /** Properties of clients that log in; more lines may follow. */
  Path login(String name, String withPassword, String... more) {
    return write(
        name,
        "sasl.mechanism=PLAIN",
        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\",
        "  username=\"%s\" password=\"%s\";".formatted(USER, withPassword),
        String.join("\n", more));
  }

  private Path write(String name, String... lines) {
    try {
      return Files.write(directory.resolve(name), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
