package io.boostnet.jobs.serve;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.OutcomeSchema;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The Kafka job: a {@link FrameGraph} whose predictions go to a topic as well. */
public final class ServeJob {

  private final ServeConfig config;
  private final KafkaAccess kafka;
  private final FrameGraph graph;
  private OutcomeSchema<Prediction> predictions;

  /**
   * A job that is ready to be wired.
   *
   * @param config what the job was told
   * @param inference the library, configured; see {@link Inferences}
   * @param kafka access to the brokers
   */
  public ServeJob(ServeConfig config, EarlyExitInference inference, KafkaAccess kafka) {
    this(config, inference, kafka, TransactionalIds.CURRENT);
  }

  /** The same with transactional ids of another build, to make a state of that build. */
  ServeJob(
      ServeConfig config,
      EarlyExitInference inference,
      KafkaAccess kafka,
      TransactionalIds transactionalIds) {
    this(new FrameGraph(config, inference, kafka, transactionalIds));
  }

  ServeJob(FrameGraph graph) {
    this.config = graph.config();
    this.kafka = graph.kafka();
    this.graph = graph;
  }

  /** Flink's options for a job of this configuration, to make its environment with. */
  public static Configuration flinkOptions(ServeConfig config) {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(ExecutionOptions.BUFFER_TIMEOUT, Gathering.of(config).inBuffer());
    JobConfig job = config.job();
    flink.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(job.checkpointIntervalMs()));
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    if (job.checkpointDir() != null) {
      flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, job.checkpointDir().toString());
    }
    return flink;
  }

  /** As {@link FrameGraph#requireFrequentCheckpoints}, of the interval that the job is told. */
  void requireFrequentCheckpoints() {
    FrameGraph.requireFrequentCheckpoints(
        config.kafka().delivery(),
        kafka.clientProperties(),
        config.job().checkpointIntervalMs(),
        ConfigKey.CHECKPOINT_INTERVAL_MS.key());
  }

  /** Wires source, stages and sinks into an environment. */
  public void wire(StreamExecutionEnvironment env) {
    if (config.job().parallelism() != null) {
      env.setParallelism(config.job().parallelism());
    }
    requireFormats();
    FrameGraph.Wired wired = graph.wire(env, FrameGraph.Intake.PLAIN);
    String topic = config.kafka().topics().predictions();
    graph.outlet(wired.predictions(), predictions, topic).attach();
    wired.outlets().forEach(FrameGraph.Outlet::attach);
  }

  /**
   * Asks the schema registry for what the formats need of it, where they do.
   *
   * @throws ConfigException where it refuses a schema, or does not answer
   */
  void requireFormats() {
    if (predictions != null) {
      return;
    }
    String topic = config.kafka().topics().predictions();
    predictions =
        new OutcomeSchema<>(
            topic,
            graph.encoder(Prediction.class, topic),
            Prediction::getSourceId,
            Prediction::getHeaders);
    graph.requireFormats();
  }
}
