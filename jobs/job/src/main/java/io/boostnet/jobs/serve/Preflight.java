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

  /** What an event needs beside its image: the source, and names of two classes. */
  private static final int EVENT_BYTES = 32 << 10;

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
    requireTopics(config);
    FrameGraph graph = graph(config);
    KafkaAccess kafka = graph.kafka();
    if (local && config.inference().device().kind() == Device.Kind.CUDA) {
      tryDevice(config);
    }
    ServeJob job = new ServeJob(graph);
    job.requireFrequentCheckpoints();
    requireStorage(config, local, flink);
    kafka.requireReachable();
    if (flink.getOptional(PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID).isEmpty()) {
      PipelineLease.requireFree(kafka, config.pipeline(), console);
    } // else it may be this very job that a new JobManager takes up again
    job.requireFormats();
    Map<String, Integer> topics = topics(config);
    topics.put(config.kafka().topics().predictions(), config.kafka().partitions());
    requireRoomForImages(graph);
    fitDeadLetters(graph, EventImages.roomIn(Limits.DEFAULT, config.events()), console);
    createMissing(topics, kafka, console);
    return job;
  }

  /**
   * The same for a graph whose predictions go elsewhere, and which more than one job may run: where
   * results of a failure may be repeated, another job of the name does no harm.
   *
   * @param limits limits on input, whose dead letters are fitted to their topic
   * @param console receives what a user should know
   * @throws ConfigException where an option or a broker cannot be used
   * @throws io.boostnet.flink.codec.BundleException where the bundle is missing or wrong
   */
  public static FrameGraph prepareGraph(
      ServeConfig config, Limits limits, Consumer<String> console) {
    FrameGraph graph = graph(config);
    graph.inference().withBundleInPlace(); // a session's next statement would send it again
    KafkaAccess kafka = graph.kafka();
    kafka.requireReachable();
    if (config.kafka().delivery() == Delivery.EXACTLY_ONCE) {
      PipelineLease.requireFree(kafka, config.pipeline(), console);
    }
    graph.requireFormats();
    requireRoomForImages(graph);
    fitDeadLetters(graph, EventImages.roomIn(limits, config.events()), console);
    createMissing(topics(config), kafka, console);
    return graph;
  }

  private static void requireTopics(ServeConfig config) {
    try {
      config.kafka().topics().requirePredictions();
      config.requireEventsOfImages();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage() + ".", e);
    }
  }

  private static FrameGraph graph(ServeConfig config) {
    EarlyExitInference inference = Inferences.of(config);
    KafkaAccess kafka =
        KafkaAccess.withFiles(config.kafka().bootstrapServers(), config.kafka().clientProperties());
    return new FrameGraph(config, inference, kafka, TransactionalIds.CURRENT);
  }

  private static void createMissing(
      Map<String, Integer> topics, KafkaAccess kafka, Consumer<String> console) {
    for (String topic : kafka.ensureTopics(topics)) {
      console.accept("created topic " + topic);
    }
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
    topics.put(names.deadLetters(), config.kafka().partitions());
    topics.put(names.controlEvents(), 1);
    if (names.events() != null) {
      topics.put(names.events(), config.kafka().partitions());
    }
    return topics;
  }

  /** An event too large for its topic would fail the job again after every restart. */
  private static void requireRoomForImages(FrameGraph graph) {
    ServeConfig config = graph.config();
    String topic = config.kafka().topics().events();
    int imageBytes = config.events().imageBytes();
    if (imageBytes == 0 || topic == null) {
      return;
    }
    double growth = config.kafka().format().outcomes().payloadGrowth();
    int most = graph.kafka().maxRecordBytes(topic);
    int room = (int) (Math.max(0, most - EVENT_BYTES) / growth);
    if (imageBytes > room) {
      throw new ConfigException(
          "events.imageBytes is %d and %s is %d; give at most %d, or raise that limit."
              .formatted(imageBytes, limit(graph.kafka(), topic, most), most, room));
    }
  }

  /** A dead letter too large for its topic would fail the job again after every restart. */
  private static void fitDeadLetters(FrameGraph graph, Limits limits, Consumer<String> console) {
    ServeConfig config = graph.config();
    String topic = config.kafka().topics().deadLetters();
    double growth = config.kafka().format().outcomes().payloadGrowth();
    int most = graph.kafka().maxRecordBytes(topic);
    int room = (int) (Math.max(0, most - DEAD_LETTER_FRAME_BYTES) / growth);
    if (room >= limits.deadLetterBytes()) {
      graph.inference().withLimits(limits);
    } else {
      graph.inference().withLimits(limits.withDeadLetters(room));
      console.accept(
          "Payloads of dead letters are cut at %d bytes, since %s is %d."
              .formatted(room, limit(graph.kafka(), topic, most), most));
    }
  }

  /** What keeps the records of a topic so small. */
  private static String limit(KafkaAccess kafka, String topic, int most) {
    return most == kafka.maxRequestBytes() && most < KafkaAccess.MAX_RECORD_BYTES
        ? "max.request.size in kafka.clientProperties"
        : "max.message.bytes of topic " + topic;
  }
}
