package io.boostnet.jobs.serve;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * Options of the commands beside a job: which Kafka, which topics, what their records are. The
 * job's own file says all of it ({@code --config}), an option overrides it; both are read as {@code
 * serve} reads them.
 */
public final class DeploymentOptions {

  private static final List<ConfigKey> KEYS =
      List.of(
          ConfigKey.BOOTSTRAP_SERVERS,
          ConfigKey.CLIENT_PROPERTIES,
          ConfigKey.FRAMES,
          ConfigKey.PREDICTIONS,
          ConfigKey.DEAD_LETTERS,
          ConfigKey.CONTROL_EVENTS,
          ConfigKey.EVENTS,
          ConfigKey.PARTITIONS,
          ConfigKey.FRAMES_FORMAT,
          ConfigKey.OUTCOMES_FORMAT,
          ConfigKey.REGISTRY_URL);

  private DeploymentOptions() {}

  /** For a command that publishes frames. */
  public static final class Frames implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      addFile(command);
      add(command, ConfigKey.BOOTSTRAP_SERVERS);
      add(command, ConfigKey.CLIENT_PROPERTIES);
      add(command, ConfigKey.FRAMES, "--topic");
      add(command, ConfigKey.PARTITIONS);
      add(command, ConfigKey.FRAMES_FORMAT, "--format");
      return add(command, ConfigKey.REGISTRY_URL);
    }
  }

  /** For a command that reads frames and their outcomes. */
  public static final class Outcomes implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      addFile(command);
      add(command, ConfigKey.BOOTSTRAP_SERVERS);
      add(command, ConfigKey.CLIENT_PROPERTIES);
      add(command, ConfigKey.FRAMES);
      add(command, ConfigKey.PREDICTIONS);
      add(command, ConfigKey.DEAD_LETTERS);
      add(command, ConfigKey.FRAMES_FORMAT);
      add(command, ConfigKey.OUTCOMES_FORMAT);
      return add(command, ConfigKey.REGISTRY_URL);
    }
  }

  /** For a command that reads every topic of a deployment. */
  public static final class All implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec command) {
      add(new Outcomes().transform(command), ConfigKey.CONTROL_EVENTS);
      return add(command, ConfigKey.EVENTS);
    }
  }

  private static void addFile(CommandSpec command) {
    command.addOption(
        OptionSpec.builder("--config")
            .type(Path.class)
            .paramLabel("<file>")
            .description("The job's YAML file: brokers, topics and formats are as it says.")
            .build());
  }

  private static CommandSpec add(CommandSpec command, ConfigKey key, String... further) {
    List<String> names = new ArrayList<>(key.options());
    names.addAll(List.of(further));
    return command.addOption(ServeOptions.option(key, names));
  }

  /**
   * What the file and the command line say.
   *
   * @throws ConfigException where the file cannot be used, a value is wrong, or the brokers are not
   *     said
   */
  public static KafkaConfig read(ParseResult given) {
    Path file = given.matchedOptionValue("--config", null);
    KafkaConfig config = ServeConfigReader.readKafka(file, ServeOptions.values(given, KEYS));
    if (config == null) {
      throw new ConfigException(
          "No brokers are given; use --bootstrap-servers host:port, or --config with the job's"
              + " YAML file.");
    }
    return config;
  }

  /**
   * Access to the brokers.
   *
   * @throws ConfigException where a file of client properties cannot be read, or no broker is
   *     reached
   */
  public static KafkaAccess connect(KafkaConfig config) {
    KafkaAccess kafka = KafkaAccess.withFiles(config.bootstrapServers(), config.clientProperties());
    kafka.requireReachable();
    return kafka;
  }
}
