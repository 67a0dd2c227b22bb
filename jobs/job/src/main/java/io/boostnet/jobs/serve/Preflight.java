package io.boostnet.jobs.serve;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.options.Limits;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.PipelineLease;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Everything that can be known to be wrong before the job starts, in this order: bundle, exits,
 * device, storage, brokers, another job of the name, topics. Ends with a job that is ready to be
 * wired.
 */
public final class Preflight {

  /** What a dead letter may hold beside its payload, with room to spare. */
  private static final int DEAD_LETTER_FRAME_BYTES = 96 << 10;

  private Preflight() {}

  /**
   * Checks a configuration, and creates the topics that are missing once nothing else is wrong.
   *
   * @param local whether the job will run in this process, so that its device and its disk can be
   *     tried
   * @param flink settings of Flink's that the job will run with
   * @param console receives what a user should know
   * @throws ConfigException where an option or a broker cannot be used
   * @throws io.boostnet.flink.codec.BundleException where the bundle is missing or wrong
   */
  public static ServeJob prepare(
      ServeConfig config, boolean local, ReadableConfig flink, Consumer<String> console) {
    EarlyExitInference inference = Inferences.of(config);
    if (local && config.inference().device().kind() == Device.Kind.CUDA) {
      tryDevice(config);
    }
    KafkaAccess kafka =
        KafkaAccess.withFiles(config.kafka().bootstrapServers(), config.kafka().clientProperties());
    ServeJob job = new ServeJob(config, inference, kafka);
    job.requireFrequentCheckpoints();
    requireStorage(config, local, flink);
    kafka.requireReachable();
    if (flink.getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID).isEmpty()) {
      PipelineLease.requireFree(kafka, config.pipeline(), console);
    } // else it may be this very job that a new JobManager takes up again
    job.requireFormats();
    for (String topic : kafka.ensureTopics(topics(config))) {
      console.accept("created topic " + topic);
    }
    fitDeadLetters(config, inference, kafka, console);
    return job;
  }

  private static void requireStorage(ServeConfig config, boolean local, ReadableConfig flink) {
    if (config.job().checkpointDir() != null) {
      CheckpointDirectory.require("job.checkpointDir", config.job().checkpointDir(), local);
    } else {
      flink
          .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
          .ifPresent(
              directory ->
                  CheckpointDirectory.require(
                      CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                      URI.create(directory),
                      local));
    }
  }

  private static void tryDevice(ServeConfig config) {
    ModelBundle bundle = ModelBundle.read(config.bundle());
    try {
      bundle.stage(bundle.cascade().stages().get(0), config.inference().device()).open().close();
    } catch (InferenceException | IOException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  private static Map<String, Integer> topics(ServeConfig config) {
    TopicConfig names = config.kafka().topics();
    Map<String, Integer> topics = new LinkedHashMap<>();
    names.frameTopics().forEach(frames -> topics.put(frames, config.kafka().partitions()));
    topics.put(names.predictions(), config.kafka().partitions());
    topics.put(names.deadLetters(), config.kafka().partitions());
    topics.put(names.controlEvents(), 1);
    if (names.events() != null) {
      topics.put(names.events(), config.kafka().partitions());
    }
    return topics;
  }

  /** A dead letter too large for its topic would fail the job again after every restart. */
  private static void fitDeadLetters(
      ServeConfig config,
      EarlyExitInference inference,
      KafkaAccess kafka,
      Consumer<String> console) {
    String topic = config.kafka().topics().deadLetters();
    double growth = config.kafka().format().outcomes().payloadGrowth();
    int most = kafka.maxRecordBytes(topic);
    int room = (int) (Math.max(0, most - DEAD_LETTER_FRAME_BYTES) / growth);
    Limits limits = Limits.DEFAULT;
    if (room < limits.deadLetterBytes()) {
      inference.withLimits(new Limits(limits.imageBytes(), limits.imagePixels(), room));
      console.accept(
          "topic %s takes records of %d bytes at most: payloads of dead letters are cut at %d bytes"
              .formatted(topic, most, room));
    }
  }
}
