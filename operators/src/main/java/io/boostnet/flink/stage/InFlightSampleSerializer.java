package io.boostnet.flink.stage;

import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RecordHeader;
import io.boostnet.flink.model.Ticket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a sample with the bytes of its features; stateless and thread-safe. */
@Internal
public final class InFlightSampleSerializer extends TypeSerializerSingleton<InFlightSample> {

  /** The one instance. */
  public static final InFlightSampleSerializer INSTANCE = new InFlightSampleSerializer();

  private static final long serialVersionUID = 1;

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public InFlightSample createInstance() {
    return null;
  }

  @Override
  public InFlightSample copy(InFlightSample from) {
    ByteBuffer[] tensors = new ByteBuffer[from.features().count()];
    for (int i = 0; i < tensors.length; i++) {
      ByteBuffer source = from.features().tensors()[i];
      byte[] bytes = new byte[source.remaining()];
      source.get(source.position(), bytes);
      tensors[i] = wrap(bytes);
    }
    return new InFlightSample(from.frame(), from.ticket(), new Features(tensors), from.audit());
  }

  @Override
  public InFlightSample copy(InFlightSample from, InFlightSample reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(InFlightSample sample, DataOutputView target) throws IOException {
    Frame frame = sample.frame();
    target.writeUTF(frame.sourceId());
    target.writeLong(frame.sequence());
    target.writeLong(frame.timestampMs());
    target.writeInt(frame.label());
    target.writeLong(frame.deadlineMs());
    Origin origin = frame.origin();
    target.writeBoolean(origin.topic() != null);
    if (origin.topic() != null) {
      target.writeUTF(origin.topic());
    }
    target.writeInt(origin.partition());
    target.writeLong(origin.offset());
    target.writeInt(origin.payload().length);
    target.write(origin.payload());
    write(frame.baggage(), target);
    target.writeInt(sample.ticket().lane());
    target.writeLong(sample.ticket().number());
    target.writeBoolean(sample.audit() != null);
    if (sample.audit() != null) {
      target.writeInt(sample.audit().exit());
      target.writeInt(sample.audit().label());
    }
    target.writeInt(sample.features().count());
    for (ByteBuffer tensor : sample.features().tensors()) {
      byte[] bytes = new byte[tensor.remaining()];
      tensor.get(tensor.position(), bytes);
      target.writeInt(bytes.length);
      target.write(bytes);
    }
  }

  @Override
  public InFlightSample deserialize(DataInputView source) throws IOException {
    String sourceId = source.readUTF();
    long sequence = source.readLong();
    long timestampMs = source.readLong();
    int label = source.readInt();
    long deadlineMs = source.readLong();
    String topic = source.readBoolean() ? source.readUTF() : null;
    Origin origin =
        new Origin(topic, source.readInt(), source.readLong(), bytes(source, source.readInt()));
    Frame frame =
        new Frame(sourceId, sequence, timestampMs, label, deadlineMs, origin, baggage(source));
    Ticket ticket = new Ticket(source.readInt(), source.readLong());
    Audit audit = source.readBoolean() ? new Audit(source.readInt(), source.readInt()) : null;
    ByteBuffer[] tensors = new ByteBuffer[source.readInt()];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = wrap(bytes(source, source.readInt()));
    }
    return new InFlightSample(frame, ticket, new Features(tensors), audit);
  }

  private static void write(Baggage baggage, DataOutputView target) throws IOException {
    target.writeInt(baggage.headers().size());
    for (RecordHeader header : baggage.headers()) {
      target.writeUTF(header.key());
      target.writeInt(header.value() == null ? -1 : header.value().length);
      if (header.value() != null) {
        target.write(header.value());
      }
    }
    target.writeInt(baggage.fields().size());
    for (Map.Entry<String, String> field : baggage.fields().entrySet()) {
      target.writeUTF(field.getKey());
      target.writeUTF(field.getValue());
    }
  }

  private static Baggage baggage(DataInputView source) throws IOException {
    int headerCount = source.readInt();
    List<RecordHeader> headers = new ArrayList<>(headerCount);
    for (int i = 0; i < headerCount; i++) {
      String key = source.readUTF();
      int length = source.readInt();
      headers.add(new RecordHeader(key, length < 0 ? null : bytes(source, length)));
    }
    int fieldCount = source.readInt();
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < fieldCount; i++) {
      fields.put(source.readUTF(), source.readUTF());
    }
    return headerCount == 0 && fieldCount == 0 ? Baggage.NONE : new Baggage(headers, fields);
  }

  private static byte[] bytes(DataInputView source, int length) throws IOException {
    byte[] bytes = new byte[length];
    source.readFully(bytes);
    return bytes;
  }

  /** On the heap: direct memory for every sample would be slow to take and late to be freed. */
  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  @Override
  public InFlightSample deserialize(InFlightSample reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public TypeSerializerSnapshot<InFlightSample> snapshotConfiguration() {
    return new Snapshot();
  }

  /** Snapshot of the serializer, which has no configuration. */
  public static final class Snapshot extends SimpleTypeSerializerSnapshot<InFlightSample> {
    public Snapshot() {
      super(() -> INSTANCE);
    }
  }
}
