package io.boostnet.jobs.serve;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.OutcomeFormat;
import io.boostnet.jobs.format.RegistryAccess;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options that say what the records of a deployment's topics are. */
public final class FormatOptions {

  @Option(
      names = "--config",
      description = "YAML file of the job; its kafka.format holds where no option says otherwise.")
  private Path config;

  @Option(
      names = "--frames-format",
      description = "avro, image, json, registry or cloudevents. Default: avro.")
  private String frames;

  @Option(
      names = "--outcomes-format",
      description = "avro, json, registry or cloudevents. Default: avro.")
  private String outcomes;

  @Option(names = "--registry", description = "Address of the schema registry.")
  private URI registry;

  /**
   * What they say.
   *
   * @throws ConfigException where the file cannot be used, or a value is none of those
   */
  public FormatConfig toFormat() {
    FormatConfig file =
        config == null
            ? FormatConfig.DEFAULT
            : ServeConfigReader.read(config, Map.of()).kafka().format();
    try {
      return new FormatConfig(
          frames == null ? file.frames() : FrameFormat.of(frames),
          outcomes == null ? file.outcomes() : OutcomeFormat.of(outcomes),
          file.headers(),
          file.fields(),
          registry == null ? file.registry() : new RegistryAccess(registry, null));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The formats cannot be used: " + e.getMessage() + ".", e);
    }
  }
}
