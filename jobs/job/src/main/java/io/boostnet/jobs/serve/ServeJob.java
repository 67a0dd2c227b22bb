package io.boostnet.jobs.serve;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.event.Events;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.format.Formats;
import io.boostnet.jobs.format.ForwardingDecoder;
import io.boostnet.jobs.format.HeaderSelection;
import io.boostnet.jobs.format.RecordEncoder;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.kafka.OutcomeSchema;
import io.boostnet.jobs.kafka.SourceRecordSchema;
import io.boostnet.jobs.kafka.StableEnd;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The graph of the Kafka job: frames in, through the stages, predictions, dead letters and control
 * events out. Every stateful operator has a uid made of the pipeline's name, so that a job started
 * again from a savepoint finds its offsets.
 */
public final class ServeJob {

  /** Unless the client properties say otherwise; below a broker's usual limit of 15 minutes. */
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

  /**
   * How long a result may wait in a network buffer, and then in the producer. With exactly-once it
   * is seen after the next checkpoint, so that fuller buffers and requests, which cost less, delay
   * nothing. With at-least-once not to wait at all costs a request a frame, and is no faster.
   */
  private enum Wait {
    AT_LEAST_ONCE(5, 2),
    EXACTLY_ONCE(20, 100);

    private final Duration inBuffer;
    private final int inProducerMs;

    Wait(int inBufferMs, int inProducerMs) {
      this.inBuffer = Duration.ofMillis(inBufferMs);
      this.inProducerMs = inProducerMs;
    }

    static Wait of(ServeConfig config) {
      return isExactlyOnce(config) ? EXACTLY_ONCE : AT_LEAST_ONCE;
    }
  }

  private final ServeConfig config;
  private final EarlyExitInference inference;
  private final KafkaAccess kafka;
  private final TransactionalIds transactionalIds;
  private Outcomes outcomes;

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
    this.transactionalIds = transactionalIds;
    this.config = config;
    this.inference = inference;
    this.kafka = kafka;
  }

  /** Flink's options for a job of this configuration, to make its environment with. */
  public static Configuration flinkOptions(ServeConfig config) {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    flink.set(ExecutionOptions.BUFFER_TIMEOUT, Wait.of(config).inBuffer);
    JobConfig job = config.job();
    flink.set(
        CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(job.checkpointIntervalMs()));
    flink.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
    if (job.checkpointDir() != null) {
      flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, job.checkpointDir().toString());
    }
    return flink;
  }

  /**
   * Refuses checkpoints so rare that Kafka could abort a transaction before its checkpoint is done:
   * a transaction lasts from one checkpoint to the end of the next.
   *
   * @throws ConfigException where the interval is over half of the transaction timeout
   */
  void requireFrequentCheckpoints() {
    if (!isExactlyOnce(config)) {
      return;
    }
    long intervalMs = config.job().checkpointIntervalMs();
    String timeoutMs =
        kafka
            .clientProperties()
            .getOrDefault(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(TRANSACTION_TIMEOUT.toMillis()));
    try {
      long mostMs = Long.parseLong(timeoutMs.strip()) / 2;
      if (intervalMs > mostMs) {
        throw new ConfigException(
            "job.checkpointIntervalMs is %d, over half of the transaction timeout of %s ms; give at most %d, or a larger transaction.timeout.ms in kafka.clientProperties."
                .formatted(intervalMs, timeoutMs, mostMs));
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "transaction.timeout.ms in kafka.clientProperties is '%s'; give milliseconds."
              .formatted(timeoutMs),
          e);
    }
  }

  /** Wires source, stages and sinks into an environment. */
  public void wire(StreamExecutionEnvironment env) {
    if (config.job().parallelism() != null) {
      env.setParallelism(config.job().parallelism());
    }
    DataStream<SourceRecord> records =
        env.fromSource(source(), WatermarkStrategy.noWatermarks(), config.pipeline() + "-frames")
            .uid(config.pipeline() + "-frames");
    EarlyExitInference.Result result = inference.apply(records, decoder());
    TopicConfig topics = config.kafka().topics();
    requireFormats();
    sink(result.predictions(), outcomes.predictions(), topics.predictions());
    sink(result.deadLetters(), outcomes.deadLetters(), topics.deadLetters());
    if (topics.events() != null) {
      sink(events(result.predictions()), outcomes.events(), topics.events());
    }
    sink(
        result
            .controlEvents()
            .map(
                new PipelineWatch(kafka, config.pipeline(), topics),
                result.controlEvents().getType())
            .name(config.pipeline() + "-watch")
            .setParallelism(1),
        outcomes.controlEvents(),
        topics.controlEvents());
  }

  private DataStream<Event> events(DataStream<Prediction> predictions) {
    String name = config.pipeline() + "-events";
    return Events.of(predictions, config.events().toRules())
        .name(name)
        .uid(name)
        .setParallelism(predictions.getParallelism());
  }

  /** What the outcomes are on their topics; {@code events} is null where they have none. */
  private record Outcomes(
      OutcomeSchema<Prediction> predictions,
      OutcomeSchema<DeadLetter> deadLetters,
      OutcomeSchema<ControlEvent> controlEvents,
      OutcomeSchema<Event> events) {}

  /**
   * Asks the schema registry for what the formats need of it, where they do.
   *
   * @throws ConfigException where it refuses a schema, or does not answer
   */
  void requireFormats() {
    if (outcomes != null) {
      return;
    }
    TopicConfig topics = config.kafka().topics();
    outcomes =
        new Outcomes(
            new OutcomeSchema<>(
                topics.predictions(),
                encoder(Prediction.class, topics.predictions()),
                Prediction::getSourceId,
                Prediction::getHeaders),
            new OutcomeSchema<>(
                topics.deadLetters(),
                encoder(DeadLetter.class, topics.deadLetters()),
                DeadLetter::getSourceId,
                DeadLetter::getHeaders),
            new OutcomeSchema<>(
                topics.controlEvents(),
                encoder(ControlEvent.class, topics.controlEvents()),
                ControlEvent::getPipeline),
            topics.events() == null
                ? null
                : new OutcomeSchema<>(
                    topics.events(), encoder(Event.class, topics.events()), Event::getSourceId));
  }

  private FrameDecoder<SourceRecord> decoder() {
    FrameDecoder<SourceRecord> format = Formats.frameDecoder(config.kafka().format());
    List<String> forward = config.kafka().forwardHeaders();
    return forward.isEmpty() ? format : new ForwardingDecoder(format, new HeaderSelection(forward));
  }

  private <T extends SpecificRecordBase> RecordEncoder<T> encoder(Class<T> type, String topic) {
    return Formats.encoder(config.kafka().format(), type, topic, config.pipeline());
  }

  private KafkaSource<SourceRecord> source() {
    Properties properties = kafka.properties();
    properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    TopicConfig topics = config.kafka().topics();
    KafkaSourceBuilder<SourceRecord> builder = KafkaSource.builder();
    if (topics.framePattern() == null) {
      builder.setTopics(topics.frameTopics());
    } else {
      builder.setTopicPattern(topics.framePattern());
    }
    return builder
        .setProperties(properties)
        .setBootstrapServers(kafka.bootstrapServers())
        .setGroupId(config.kafka().groupId())
        .setStartingOffsets(startingOffsets(config.kafka().start(), properties))
        .setDeserializer(new SourceRecordSchema())
        .build();
  }

  @SuppressWarnings("deprecation") // the type of Kafka's that the connector asks for
  private static OffsetsInitializer startingOffsets(StartOffsets start, Properties properties) {
    return switch (start.kind()) {
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> new StableEnd(properties);
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
      case TIMESTAMP -> OffsetsInitializer.timestamp(start.timestampMs());
    };
  }

  private <T extends SpecificRecordBase> void sink(
      DataStream<T> results, OutcomeSchema<T> schema, String topic) {
    Properties properties = kafka.properties();
    properties.putIfAbsent(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(KafkaAccess.MAX_RECORD_BYTES));
    properties.putIfAbsent(
        ProducerConfig.LINGER_MS_CONFIG, String.valueOf(Wait.of(config).inProducerMs));
    boolean exactlyOnce = isExactlyOnce(config);
    if (exactlyOnce) {
      properties.putIfAbsent(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          String.valueOf(TRANSACTION_TIMEOUT.toMillis()));
    }
    KafkaSink<T> sink =
        KafkaSink.<T>builder()
            .setKafkaProducerConfig(properties)
            .setBootstrapServers(kafka.bootstrapServers())
            .setDeliveryGuarantee(
                exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
            .setTransactionalIdPrefix(transactionalIds.prefix(config, topic))
            .setRecordSerializer(schema)
            .build();
    String name = config.pipeline() + "-to-" + topic;
    results.sinkTo(sink).name(name).uid(name).setParallelism(results.getParallelism());
  }

  private static boolean isExactlyOnce(ServeConfig config) {
    return config.kafka().delivery() == Delivery.EXACTLY_ONCE;
  }
}
