package io.boostnet.jobs.serve;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.event.Events;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Tracking;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.connector.sink2.Sink;
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
 * The graph that every deployment has: frames from Kafka through the stages, dead letters, control
 * events and events to Kafka. Where predictions go is left to whoever wires it: the Kafka job, or a
 * table. Every stateful operator has a uid made of the pipeline's name, so that a job started again
 * from a savepoint finds its offsets.
 */
public final class FrameGraph {

  /** Unless the client properties say otherwise; below a broker's usual limit of 15 minutes. */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(10);

  /**
   * What is done with records before the stages, and with their rejections after.
   *
   * @param watermarks event time of the records, by partition
   * @param filter which records are read at all
   * @param decoding what stands around the decoder of the format
   * @param deadLetters what stands before the sink of dead letters; null for nothing
   * @param events whether events are made though they have no topic
   */
  public record Intake(
      WatermarkStrategy<SourceRecord> watermarks,
      SourceRecordSchema.Filter filter,
      UnaryOperator<FrameDecoder<SourceRecord>> decoding,
      MapFunction<DeadLetter, DeadLetter> deadLetters,
      boolean events) {

    /** All records as they are, without event time. */
    public static final Intake PLAIN =
        new Intake(
            WatermarkStrategy.noWatermarks(),
            record -> true,
            UnaryOperator.identity(),
            null,
            false);
  }

  /**
   * A stream and the sink that it goes to.
   *
   * @param <T> the records
   * @param stream the records
   * @param sink the sink
   * @param name name and uid of the sink
   */
  public record Outlet<T>(DataStream<T> stream, Sink<T> sink, String name) {

    /** Attaches the sink to the stream. */
    public void attach() {
      stream.sinkTo(sink).name(name).uid(name).setParallelism(stream.getParallelism());
    }
  }

  /**
   * What was wired: streams whose sinks are still to be attached.
   *
   * @param predictions one for every classified frame
   * @param events one for every change of what a source shows; null where nobody asks for them
   * @param outlets what could not be classified, the changes of the thresholds and, where they are
   *     asked for, events
   */
  public record Wired(
      DataStream<Prediction> predictions, DataStream<Event> events, List<Outlet<?>> outlets) {}

  private final ServeConfig config;
  private final EarlyExitInference inference;
  private final KafkaAccess kafka;
  private final TransactionalIds transactionalIds;
  private Outcomes outcomes;

  /** What the outcomes are on their topics; {@code events} is null where they have none. */
  private record Outcomes(
      OutcomeSchema<DeadLetter> deadLetters,
      OutcomeSchema<ControlEvent> controlEvents,
      OutcomeSchema<Event> events) {}

  FrameGraph(
      ServeConfig config,
      EarlyExitInference inference,
      KafkaAccess kafka,
      TransactionalIds transactionalIds) {
    this.config = config;
    this.inference = inference;
    this.kafka = kafka;
    this.transactionalIds = transactionalIds;
  }

  ServeConfig config() {
    return config;
  }

  EarlyExitInference inference() {
    return inference;
  }

  KafkaAccess kafka() {
    return kafka;
  }

  /** Wires source and stages. */
  public Wired wire(StreamExecutionEnvironment env, Intake intake) {
    DataStream<SourceRecord> records =
        env.fromSource(source(intake.filter()), intake.watermarks(), config.pipeline() + "-frames")
            .uid(config.pipeline() + "-frames");
    TopicConfig topics = config.kafka().topics();
    boolean told = topics.events() != null || intake.events();
    boolean images = told && config.events().imageBytes() > 0;
    FrameDecoder<SourceRecord> decoder = decoder();
    if (images) {
      decoder = new EventImages(decoder, config.events().imageBytes());
    }
    EarlyExitInference.Result result = inference.apply(records, intake.decoding().apply(decoder));
    requireFormats();
    DataStream<DeadLetter> deadLetters = result.deadLetters();
    if (intake.deadLetters() != null) {
      deadLetters = mapped(deadLetters, intake.deadLetters(), "-letters");
    }
    DataStream<Prediction> predictions = result.predictions();
    if (images) {
      deadLetters = mapped(deadLetters, new EventImages.OfDeadLetters(), "-letters-bare");
      predictions = mapped(predictions, new EventImages.OfPredictions(), "-predictions-bare");
    }
    DataStream<ControlEvent> controlEvents =
        result
            .controlEvents()
            .map(
                new PipelineWatch(kafka, config.pipeline(), topics),
                result.controlEvents().getType())
            .name(config.pipeline() + "-watch")
            .setParallelism(1);
    List<Outlet<?>> outlets = new ArrayList<>();
    outlets.add(outlet(deadLetters, outcomes.deadLetters(), topics.deadLetters()));
    outlets.add(outlet(controlEvents, outcomes.controlEvents(), topics.controlEvents()));
    DataStream<Event> events =
        told ? events(result.predictions(), images ? EventImages.HEADER : null) : null;
    if (topics.events() != null) {
      outlets.add(outlet(events, outcomes.events(), topics.events()));
    }
    return new Wired(predictions, events, outlets);
  }

  private <T> DataStream<T> mapped(DataStream<T> stream, MapFunction<T, T> step, String name) {
    return stream
        .map(step, stream.getType())
        .name(config.pipeline() + name)
        .setParallelism(stream.getParallelism());
  }

  private DataStream<Event> events(DataStream<Prediction> predictions, String imageHeader) {
    String name = config.pipeline() + "-events";
    return Events.withImages(predictions, config.events().toRules(), imageHeader)
        .name(name)
        .uid(name)
        .setParallelism(predictions.getParallelism());
  }

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
    List<String> forward = new ArrayList<>(config.kafka().forwardHeaders());
    Tracking tracking = config.inference().tracking();
    if (tracking.by() == Tracking.By.HEADER) {
      forward.add(tracking.header());
    }
    return new ForwardingDecoder(format, new HeaderSelection(forward));
  }

  <T extends SpecificRecordBase> RecordEncoder<T> encoder(Class<T> type, String topic) {
    return Formats.encoder(config.kafka().format(), type, topic, config.pipeline());
  }

  private KafkaSource<SourceRecord> source(SourceRecordSchema.Filter filter) {
    Properties properties = kafka.properties();
    properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    TopicConfig topics = config.kafka().topics();
    KafkaSourceBuilder<SourceRecord> builder = KafkaSource.builder();
    if (topics.framePattern() == null) {
      builder.setTopics(topics.frameTopics());
    } else {
      builder.setTopicPattern(topics.framePattern());
    }
    if (config.kafka().stop() == StopOffsets.LATEST) {
      builder.setBounded(new StableEnd(properties));
    }
    return builder
        .setProperties(properties)
        .setBootstrapServers(kafka.bootstrapServers())
        .setGroupId(config.kafka().groupId())
        .setStartingOffsets(startingOffsets(config.kafka().start(), properties))
        .setDeserializer(new SourceRecordSchema(filter))
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

  <T extends SpecificRecordBase> Outlet<T> outlet(
      DataStream<T> results, OutcomeSchema<T> schema, String topic) {
    boolean exactlyOnce = config.kafka().delivery() == Delivery.EXACTLY_ONCE;
    Properties properties = kafka.properties();
    properties.putIfAbsent(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, String.valueOf(KafkaAccess.MAX_RECORD_BYTES));
    Gathering.of(config).set(properties);
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
    return new Outlet<>(results, sink, config.pipeline() + "-to-" + topic);
  }

  /**
   * Under exactly-once a checkpoint commits what was written, and Kafka aborts what none commits.
   *
   * @param intervalMs between two checkpoints, in milliseconds; 0 or less for none
   * @param key what sets it
   * @throws ConfigException where there are none, or the interval is over half of the transaction
   *     timeout
   */
  public static void requireFrequentCheckpoints(
      Delivery delivery, Map<String, String> clientProperties, long intervalMs, String key) {
    if (delivery != Delivery.EXACTLY_ONCE) {
      return;
    }
    if (intervalMs <= 0) {
      throw new ConfigException(
          "kafka.delivery is exactly-once and %s is not set, so that nothing would be committed; set it, or leave kafka.delivery at-least-once."
              .formatted(key));
    }
    String timeoutMs =
        clientProperties.getOrDefault(
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            String.valueOf(TRANSACTION_TIMEOUT.toMillis()));
    try {
      long mostMs = Long.parseLong(timeoutMs.strip()) / 2;
      if (intervalMs > mostMs) {
        throw new ConfigException(
            "%s is %d, over half of the transaction timeout of %s ms; give at most %d, or a larger transaction.timeout.ms in kafka.clientProperties."
                .formatted(key, intervalMs, timeoutMs, mostMs));
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(
          "transaction.timeout.ms in kafka.clientProperties is '%s'; give milliseconds."
              .formatted(timeoutMs),
          e);
    }
  }
}
