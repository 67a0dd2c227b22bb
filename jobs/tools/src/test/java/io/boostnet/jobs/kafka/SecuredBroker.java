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
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

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
    String brokerPassword = UUID.randomUUID().toString();
    String brokerLogin =
        "org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"broker\" password=\"%s\" user_broker=\"%s\";"
                .formatted(brokerPassword, brokerPassword);
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
                "PLAIN,SCRAM-SHA-512",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.sasl_ssl.plain.sasl.jaas.config",
                brokerLogin,
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;"));
    SecuredBroker secured = new SecuredBroker(directory, UUID.randomUUID().toString(), broker);
    secured.addUser(brokerLogin);
    return secured;
  }

  private void addUser(String brokerLogin) throws InterruptedException {
    Properties properties =
        KafkaAccess.withFiles(broker.bootstrapServers(), List.of(tls())).properties();
    properties.put("sasl.mechanism", "PLAIN");
    properties.put("sasl.jaas.config", brokerLogin);
    ScramCredentialInfo scram = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
    try (Admin admin = Admin.create(properties)) {
      admin
          .alterUserScramCredentials(
              List.of(new UserScramCredentialUpsertion(USER, scram, password)))
          .all()
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("adding the user " + USER, e);
    }
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
        "sasl.mechanism=SCRAM-SHA-512",
        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\",
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
