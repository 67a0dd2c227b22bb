package io.boostnet.jobs.sql;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.schema.Prediction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

/**
 * The metadata columns of a table: what is known of the Kafka record of a frame. Keys and types are
 * those of Flink's own Kafka connector, and the image beside them. A value travels with its frame
 * as a header of {@link #PREFIX}, which no topic sees; only those travel that a query asks for.
 */
enum RecordColumn {
  TOPIC("topic", DataTypes.STRING().notNull()) {
    @Override
    Object of(SourceRecord record) {
      return StringData.fromString(record.topic());
    }

    @Override
    byte[] pack(SourceRecord record, EncodedFrame frame) {
      return record.topic().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    Object unpack(ByteBuffer packed) {
      return StringData.fromBytes(bytes(packed));
    }
  },
  PARTITION("partition", DataTypes.INT().notNull()) {
    @Override
    Object of(SourceRecord record) {
      return record.partition();
    }

    @Override
    byte[] pack(SourceRecord record, EncodedFrame frame) {
      return ByteBuffer.allocate(Integer.BYTES).putInt(record.partition()).array();
    }

    @Override
    Object unpack(ByteBuffer packed) {
      return packed.getInt(packed.position());
    }
  },
  OFFSET("offset", DataTypes.BIGINT().notNull()) {
    @Override
    Object of(SourceRecord record) {
      return record.offset();
    }

    @Override
    byte[] pack(SourceRecord record, EncodedFrame frame) {
      return bytes(record.offset());
    }

    @Override
    Object unpack(ByteBuffer packed) {
      return packed.getLong(packed.position());
    }
  },
  TIMESTAMP("timestamp", DataTypes.TIMESTAMP_WITH_LOCAL_TIME_ZONE(3).notNull()) {
    @Override
    Object of(SourceRecord record) {
      return TimestampData.fromEpochMillis(record.timestampMs());
    }

    @Override
    byte[] pack(SourceRecord record, EncodedFrame frame) {
      return bytes(record.timestampMs());
    }

    @Override
    Object unpack(ByteBuffer packed) {
      return TimestampData.fromEpochMillis(packed.getLong(packed.position()));
    }
  },
  /** They travel as they are, see {@code kafka.forwardHeaders}; of equal keys the last counts. */
  HEADERS("headers", DataTypes.MAP(DataTypes.STRING().notNull(), DataTypes.BYTES()).notNull()) {
    @Override
    Object of(SourceRecord record) {
      Map<StringData, byte[]> headers = new HashMap<>();
      record.headers().forEach(each -> headers.put(text(each.key()), each.value()));
      return new GenericMapData(headers);
    }

    @Override
    Object of(Prediction said, Map<RecordColumn, ByteBuffer> packed) {
      Map<StringData, byte[]> headers = new LinkedHashMap<>();
      for (io.boostnet.schema.RecordHeader each : said.getHeaders()) {
        if (!each.getKey().startsWith(PREFIX)) {
          ByteBuffer value = each.getValue();
          headers.put(text(each.getKey()), value == null ? null : bytes(value));
        }
      }
      return new GenericMapData(headers);
    }
  },
  /** The encoded image as it stood in the record; NULL where the record only refers to it. */
  IMAGE("image", DataTypes.BYTES()) {
    @Override
    byte[] pack(SourceRecord record, EncodedFrame frame) {
      return frame.image().length == 0 ? null : frame.image();
    }

    @Override
    Object unpack(ByteBuffer packed) {
      return bytes(packed);
    }
  };

  /** How the keys of headers begin that stay within the job. */
  static final String PREFIX = "boostnet.record.";

  private final String key;
  private final DataType type;

  RecordColumn(String key, DataType type) {
    this.key = key;
    this.type = type;
  }

  /** What it is called in {@code METADATA FROM}. */
  String key() {
    return key;
  }

  DataType type() {
    return type;
  }

  /** The column of a key; empty where there is none. */
  static Optional<RecordColumn> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
  }

  /** Whether its value is known when the record is read, before its frame is. */
  boolean isKnownBeforeReading() {
    return this != IMAGE;
  }

  /** Its value of a record, as Flink SQL holds it; null for the image. */
  Object of(SourceRecord record) {
    return null;
  }

  /** Its value, to travel with the frame; null for nothing. */
  byte[] pack(SourceRecord record, EncodedFrame frame) {
    return null;
  }

  /** What {@link #pack} packed, as Flink SQL holds it. */
  Object unpack(ByteBuffer packed) {
    throw new IllegalStateException(key + " does not travel packed");
  }

  /** Its value of a prediction, to which {@link #headers} were added. */
  Object of(Prediction said, Map<RecordColumn, ByteBuffer> packed) {
    ByteBuffer mine = packed.get(this);
    return mine == null ? null : unpack(mine);
  }

  /** What was packed with a prediction, by column. */
  static Map<RecordColumn, ByteBuffer> packed(Prediction said) {
    Map<RecordColumn, ByteBuffer> packed = new HashMap<>();
    for (io.boostnet.schema.RecordHeader header : said.getHeaders()) {
      if (header.getKey().startsWith(PREFIX) && header.getValue() != null) {
        of(header.getKey().substring(PREFIX.length()))
            .ifPresent(column -> packed.put(column, header.getValue()));
      }
    }
    return packed;
  }

  /** The headers that carry columns of a record. */
  static List<RecordHeader> headers(
      List<RecordColumn> columns, SourceRecord record, EncodedFrame frame) {
    return columns.stream()
        .map(column -> new RecordHeader(PREFIX + column.key, column.pack(record, frame)))
        .filter(header -> header.value() != null)
        .toList();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static StringData text(String text) {
    return StringData.fromString(text);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }
}
