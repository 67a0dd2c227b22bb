package io.boostnet.flink.stage;

import io.boostnet.flink.model.Audit;
import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Outcome;
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
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes what goes between stages where a chain is broken: a sample with the bytes of its features,
 * or an outcome. Stands in no state, so that it has no snapshot. An instance is used by one thread.
 */
@Internal
public final class ChainElementSerializer extends TypeSerializer<ChainElement> {

  private static final long serialVersionUID = 1;

  private final TypeSerializer<Outcome> outcomes;

  ChainElementSerializer(TypeSerializer<Outcome> outcomes) {
    this.outcomes = outcomes;
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<ChainElement> duplicate() {
    return new ChainElementSerializer(outcomes.duplicate());
  }

  @Override
  public ChainElement createInstance() {
    return null;
  }

  @Override
  public ChainElement copy(ChainElement from) {
    if (!(from instanceof InFlightSample sample)) {
      return from; // an outcome is immutable
    }
    ByteBuffer[] tensors = new ByteBuffer[sample.features().count()];
    for (int i = 0; i < tensors.length; i++) {
      ByteBuffer source = sample.features().tensors()[i];
      byte[] bytes = new byte[source.remaining()];
      source.get(source.position(), bytes);
      tensors[i] = wrap(bytes);
    }
    return new InFlightSample(
        sample.frame(), sample.ticket(), new Features(tensors), sample.audit());
  }

  @Override
  public ChainElement copy(ChainElement from, ChainElement reuse) {
    return copy(from);
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public void serialize(ChainElement element, DataOutputView target) throws IOException {
    target.writeBoolean(element instanceof Outcome);
    if (element instanceof Outcome outcome) {
      outcomes.serialize(outcome, target);
    } else {
      write((InFlightSample) element, target);
    }
  }

  private static void write(InFlightSample sample, DataOutputView target) throws IOException {
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
  public ChainElement deserialize(DataInputView source) throws IOException {
    return source.readBoolean() ? outcomes.deserialize(source) : sample(source);
  }

  private static InFlightSample sample(DataInputView source) throws IOException {
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
  public ChainElement deserialize(ChainElement reuse, DataInputView source) throws IOException {
    return deserialize(source);
  }

  @Override
  public void copy(DataInputView source, DataOutputView target) throws IOException {
    serialize(deserialize(source), target);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainElementSerializer;
  }

  @Override
  public int hashCode() {
    return ChainElementSerializer.class.hashCode();
  }

  @Override
  public TypeSerializerSnapshot<ChainElement> snapshotConfiguration() {
    throw new UnsupportedOperationException("what goes between stages stands in no state");
  }
}
