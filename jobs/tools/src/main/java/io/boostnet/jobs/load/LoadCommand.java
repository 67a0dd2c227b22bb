package io.boostnet.jobs.load;

import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.format.FieldPointers;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.FrameFormat;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.DeploymentOptions;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.ImageFrame;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet load}: publishes a frame file to a topic, open loop. */
@Command(
    name = "load",
    description =
        "Publish a frame file to a topic at a rate or a profile, over and over, with drift if"
            + " asked for.",
    mixinStandardHelpOptions = true,
    modelTransformer = DeploymentOptions.Frames.class)
public final class LoadCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--frames", required = true, description = "Frame file (.avro).")
  private Path frames;

  @Option(
      names = "--seconds",
      description = "How long to publish, in seconds. Default: 60, or the seconds of all --phases.")
  private Double seconds;

  @Option(names = "--count", description = "Frames to publish, in place of --seconds.")
  private Long count;

  @Mixin private ProfileOptions profile;

  @Mixin private DriftOptions drift;

  @Option(
      names = "--deadline-ms",
      description =
          "Give every frame a deadline, drawn from this span of milliseconds after it is due, such"
              + " as 20-60.")
  private String deadlines;

  @Option(
      names = "--bad",
      description =
          "Deliberately bad records to publish beside the frames, in the format avro alone. Default: 0.")
  private int bad;

  @Option(names = "--report", description = "Write the summary to this file, as JSON.")
  private Path report;

  @Override
  public Integer call() {
    KafkaConfig deployment = DeploymentOptions.read(spec.commandLine().getParseResult());
    LoadPlan plan = plan(topic(deployment.topics()));
    FrameFile.open(frames).close();
    requireWritable(deployment.format());
    KafkaAccess kafka = DeploymentOptions.connect(deployment);
    RecordEncoder<ImageFrame> encoder = Formats.frameEncoder(deployment.format(), plan.topic());
    kafka.ensureTopics(Map.of(plan.topic(), deployment.partitions()));

    LoadReport result;
    try (Producer<byte[], byte[]> producer = kafka.producer();
        ProgressBar bar = Progress.open("load", plan.count())) {
      result =
          new LoadGenerator(
                  plan, producer, encoder, (sourceId, sequence, partition, offset) -> bar.step())
              .run();
    }
    print(result, plan.topic());
    if (report != null) {
      JsonFile.write(report, result);
    }
    return result.failed() == 0 ? 0 : 1;
  }

  private static String topic(TopicConfig topics) {
    if (topics.frameTopics().size() != 1) {
      throw new ConfigException(
          "kafka.topics.frames is '%s', which is no single topic; name one with --topic."
              .formatted(topics.frames()));
    }
    return topics.frameTopics().get(0);
  }

  private void requireWritable(FormatConfig format) {
    if (bad > 0 && format.frames() != FrameFormat.AVRO) {
      throw new ConfigException(
          "--bad is %d and --format is %s; bad records are made in avro alone."
              .formatted(bad, format.frames()));
    }
    if (!format.fields().equals(FieldPointers.DEFAULT)) {
      throw new ConfigException(
          "kafka.format.fields names fields of your own, and load writes the default names; publish"
              + " with a producer of yours, or give --format and the brokers without --config.");
    }
  }

  LoadPlan plan(String topic) {
    try {
      LoadProfile shape = profile.toProfile();
      LoadPlan plan =
          count != null
              ? new LoadPlan(frames, topic, shape, count, bad)
              : LoadPlan.lasting(seconds(shape), frames, topic, shape, bad);
      LoadPlan drifting = plan.drifting(drift.toDrift());
      return deadlines == null
          ? drifting
          : drifting.withDeadlines(Deadlines.parse(deadlines, drift.seed()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The load cannot be planned: " + e.getMessage() + ".", e);
    }
  }

  private double seconds(LoadProfile shape) {
    if (seconds != null) {
      return seconds;
    }
    return shape instanceof LoadProfile.Phases phases ? phases.seconds() : 60;
  }

  private void print(LoadReport result, String topic) {
    PrintWriter out = spec.commandLine().getOut();
    LoadReport.Seconds seconds = result.seconds();
    out.printf(
        Locale.ROOT,
        "published %d frames and %d bad records to %s in %.1f s (%.1f planned, %.1f behind the plan,"
            + " %.1f until all was acknowledged); %d were refused%n",
        result.published(),
        result.badPublished(),
        topic,
        seconds.acknowledged(),
        seconds.planned(),
        seconds.handedOver() - seconds.planned(),
        seconds.acknowledged() - seconds.handedOver(),
        result.failed());
    out.printf(
        Locale.ROOT,
        "rate %.1f frames/s (planned %.1f); lateness p50 %.1f ms, p95 %.1f ms, p99 %.1f ms, max"
            + " %.1f ms%n",
        result.achievedRate(),
        result.plannedRate(),
        result.latenessMs().p50(),
        result.latenessMs().p95(),
        result.latenessMs().p99(),
        result.latenessMs().max());
    for (LoadReport.BadRecord record : result.bad()) {
      out.printf(
          "bad: partition %d offset %d %s%n", record.partition(), record.offset(), record.kind());
    }
    out.flush();
  }
}
