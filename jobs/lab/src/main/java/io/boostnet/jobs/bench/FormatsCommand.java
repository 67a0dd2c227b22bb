package io.boostnet.jobs.bench;

import io.boostnet.jobs.broker.BrokerProcess;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.format.RegistryAccess;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench formats}: what reading each format of frames costs the job. */
@Command(
    name = "formats",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Throughput of the Kafka job on the same frames in every format, in turns, with the broker in"
          + " a process of its own; ratios to avro. Nothing else should run on the machine."
    })
final class FormatsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file to classify.")
  private Path frames;

  @Option(
      names = "--registry",
      description = "Address of a schema registry; without it the format registry is left out.")
  private URI registry;

  @Option(names = "--parallelism", description = "Subtasks. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 1;

  @Option(
      names = "--rounds",
      description =
          "Times every format runs, after one that does not count. Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--images",
      description = "Images per format and round. Default: ${DEFAULT-VALUE}.")
  private long images = 4_000;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  /**
   * The report.
   *
   * @param imagesPerSecond median of the rounds, by format
   * @param ratio median of the rounds of the ratio to avro in that round, by format
   */
  record Report(
      Map<String, String> machine,
      String bundle,
      int rounds,
      long images,
      Map<String, Double> imagesPerSecond,
      Map<String, Double> ratio) {}

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || images < 100 || parallelism < 1) {
      throw new ConfigException(
          "rounds is %d, images %d, parallelism %d; at least 1, 100 and 1 are needed."
              .formatted(rounds, images, parallelism));
    }
    Workload work = Workload.read(bundle, frames, parallelism);
    try (BrokerProcess broker = BrokerProcess.start();
        Topics topics = new Topics(KafkaAccess.to(broker.bootstrapServers()), parallelism)) {
      List<Contender> contenders = contenders(work, topics);
      try (ProgressBar bar = Progress.open("formats", Rounds.steps(contenders.size(), rounds))) {
        report(work, Rounds.run(contenders, rounds, images, bar));
      }
    }
    return 0;
  }

  private List<Contender> contenders(Workload work, Topics topics) {
    RegistryAccess access = registry == null ? null : new RegistryAccess(registry, null);
    List<Contender> contenders = new ArrayList<>();
    for (FrameFormat format : FrameFormat.values()) {
      if (format == FrameFormat.REGISTRY && registry == null) {
        continue;
      }
      FormatConfig config = new FormatConfig(format, null, null, null, access);
      String topic = topics.create("frames-" + format);
      RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(config, topic);
      encoder.open();
      long count = 2 * (images + Workload.warmUp(images));
      topics.fillEncoded(
          topic, count, i -> encoder.encode(work.frames().get((int) (i % work.frames().size()))));
      contenders.add(new ServeContender(format.toString(), work, topics, topic, config));
    }
    return contenders;
  }

  private void report(Workload work, Rounds measured) {
    Map<String, Double> speeds = new LinkedHashMap<>();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (String name : measured.names()) {
      speeds.put(name, measured.median(name, Measurement::imagesPerSecond));
      ratios.put(
          name, measured.ratio(name, FrameFormat.AVRO.toString(), Measurement::imagesPerSecond));
    }
    Report result =
        new Report(
            Machine.describe(), work.bundle().cascade().name(), rounds, images, speeds, ratios);
    spec.commandLine()
        .getOut()
        .printf(
            "%s, %s, medians of %d rounds of %,d images%n%n| format | images/s | to avro |%n|---|---|---|%n",
            String.join(", ", result.machine().values()), result.bundle(), rounds, images);
    speeds.forEach(
        (name, speed) ->
            spec.commandLine()
                .getOut()
                .printf("| %s | %,.0f | %.3f |%n", name, speed, ratios.get(name)));
    spec.commandLine().getOut().flush();
    if (report != null) {
      JsonFile.write(report, result);
    }
  }
}
