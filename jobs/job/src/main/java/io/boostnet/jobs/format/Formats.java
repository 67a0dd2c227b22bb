package io.boostnet.jobs.format;

import io.boostnet.flink.codec.AvroFrameDecoder;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.BoundedRecord;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/** What reads and writes the records of a configuration. */
public final class Formats {

  /** A record without a value is as unreadable as one of no bytes. */
  private static final byte[] NOTHING = {};

  private Formats() {}

  /** Reads the topic of frames. */
  public static FrameDecoder<SourceRecord> frameDecoder(FormatConfig config) {
    return switch (config.frames()) {
      case AVRO -> new AvroFrameDecoder();
      case IMAGE -> new BareImageDecoder(config.headers());
      case JSON -> new JsonFrameDecoder(config.fields());
      case REGISTRY -> new RegistryFrameDecoder(config.registry(), config.fields());
      case CLOUDEVENTS -> new CloudEventFrameDecoder();
    };
  }

  /**
   * Writes the topic of frames, in the way that {@link #frameDecoder} reads where all names are the
   * defaults.
   *
   * @throws ConfigException where the registry refuses the schema, or does not answer
   */
  public static RecordEncoder<ImageFrame> frameEncoder(FormatConfig config, String topic) {
    return switch (config.frames()) {
      case AVRO -> new AvroEncoder<>(ImageFrame.class);
      case IMAGE -> new BareImageEncoder(config.headers());
      case JSON -> new JsonEncoder<>();
      case REGISTRY -> registryEncoder(config.registry(), ImageFrame.class, topic);
      case CLOUDEVENTS -> new CloudEventEncoder<>("load");
    };
  }

  /**
   * Writes a topic of outcomes.
   *
   * @param topic the topic, whose name the subject of its schema bears
   * @param pipeline the pipeline, whose name the source of a CloudEvent bears
   * @throws ConfigException where the registry refuses the schema, or does not answer
   */
  public static <T extends SpecificRecord> RecordEncoder<T> encoder(
      FormatConfig config, Class<T> type, String topic, String pipeline) {
    return switch (config.outcomes()) {
      case AVRO -> new AvroEncoder<>(type);
      case JSON -> new JsonEncoder<>();
      case REGISTRY -> registryEncoder(config.registry(), type, topic);
      case CLOUDEVENTS -> new CloudEventEncoder<>(pipeline);
    };
  }

  /** Reads a topic of outcomes. */
  public static <T extends SpecificRecord> RecordReader<T> reader(
      FormatConfig config, Class<T> type) {
    return switch (config.outcomes()) {
      case AVRO -> {
        BinaryMessageDecoder<T> decoder = SingleObject.decoder(type);
        yield record -> decoder.decode(value(record));
      }
      case JSON -> record -> JsonRecords.read(value(record), type);
      case REGISTRY -> registryReader(config.registry(), type);
      case CLOUDEVENTS -> record -> JsonRecords.read(eventData(record), type);
    };
  }

  private static byte[] value(SourceRecord record) {
    return record.value() == null ? NOTHING : record.value();
  }

  private static byte[] eventData(SourceRecord record) throws IOException {
    try {
      return CloudEventFrameDecoder.event(record).getData().toBytes();
    } catch (RejectedFrameException | NullPointerException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static <T extends SpecificRecord> RecordReader<T> registryReader(
      RegistryAccess access, Class<T> type) {
    WriterSchemas schemas = new WriterSchemas(new SchemaRegistry(access));
    Schema ours = SpecificData.get().getSchema(type);
    return record -> {
      byte[] value = value(record);
      Optional<Schema> written =
          RegistryFraming.isFramed(value)
              ? schemas.of(RegistryFraming.id(value))
              : Optional.empty();
      if (written.isEmpty()) {
        throw new IOException("the record names no schema that the registry knows");
      }
      int from = RegistryFraming.HEADER_BYTES;
      BoundedRecord.check(written.get(), value, from);
      return new SpecificDatumReader<T>(written.get(), ours)
          .read(null, DecoderFactory.get().binaryDecoder(value, from, value.length - from, null));
    };
  }

  private static <T extends SpecificRecord> RegistryEncoder<T> registryEncoder(
      RegistryAccess access, Class<T> type, String topic) {
    SchemaRegistry registry = new SchemaRegistry(access);
    String subject = topic + "-value";
    try {
      int id = registry.id(subject, SpecificData.get().getSchema(type), access.register());
      return new RegistryEncoder<>(type, id);
    } catch (SchemaRegistry.RefusedException e) {
      throw new ConfigException(
          "The schema registry at %s refuses the schema of %s (%s); %s."
              .formatted(
                  registry,
                  subject,
                  e.getMessage(),
                  access.register()
                      ? "give the topic a subject of its own, or allow the change there"
                      : "register it there, or set kafka.format.registry.register to true"),
          e);
    } catch (IOException e) {
      throw new ConfigException(
          "The schema registry cannot be used (%s); check kafka.format.registry.url."
              .formatted(e.getMessage()),
          e);
    }
  }
}
