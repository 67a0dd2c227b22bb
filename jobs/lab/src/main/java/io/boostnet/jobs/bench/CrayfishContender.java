package io.boostnet.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Model serving embedded in Flink as Crayfish (Horchidan et al., EDBT 2024) describes it: images
 * come over Kafka as JSON arrays of floats, decoded beforehand, a map function with a session of
 * its own in every subtask runs the whole network for one record, and its output goes to Kafka as
 * JSON. Our own code after that description.
 */
final class CrayfishContender extends KafkaContender {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Workload work;
  private final String tensors;

  /** An image as it stands on Kafka. */
  record DataPoint(long id, int label, float[] data) {}

  /** A result as it stands on Kafka. */
  record Scored(long id, int label, float[] output) {}

  /**
   * A row.
   *
   * @param tensors topic filled with {@link #records}
   */
  CrayfishContender(Workload work, Topics topics, String tensors) {
    super("Crayfish-style mapper, Kafka to Kafka: JSON, full network, batch 1", topics);
    this.work = work;
    this.tensors = tensors;
  }

  /** The frames as JSON, one by one. */
  static byte[][] records(Workload work) throws Exception {
    byte[][] records = new byte[work.frames().size()][];
    try (SampleDecoder<ImageFrame> decoder =
        new FrameSamples<>(
            new ImageFrameDecoder(), work.bundle().cascade().preprocessing(), Limits.DEFAULT)) {
      decoder.open();
      Features image = Features.allocate(work.bundle().cascade().stages().get(0).inputs());
      for (int i = 0; i < records.length; i++) {
        ImageFrame frame = work.frames().get(i);
        decoder.decode(frame, image);
        FloatBuffer floats = image.tensors()[0].asFloatBuffer();
        float[] data = new float[floats.remaining()];
        floats.get(data);
        records[i] = JSON.writeValueAsBytes(new DataPoint(i, frame.getLabel(), data));
      }
    }
    return records;
  }

  @Override
  RunningJob start(String output) throws Exception {
    Configuration flink = new Configuration();
    flink.set(PipelineOptions.OBJECT_REUSE, true);
    StreamExecutionEnvironment environment = RunningJob.environment(flink, work.threads());
    environment
        .fromSource(
            KafkaSource.<byte[]>builder()
                .setBootstrapServers(topics().kafka().bootstrapServers())
                .setTopics(tensors)
                .setGroupId(output)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(
                    KafkaRecordDeserializationSchema.valueOnly(ByteArrayDeserializer.class))
                .build(),
            WatermarkStrategy.noWatermarks(),
            "data points")
        .map(new Scoring(work.location()))
        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
        .sinkTo(
            KafkaSink.<byte[]>builder()
                .setBootstrapServers(topics().kafka().bootstrapServers())
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(
                    (value, context, timestamp) -> new ProducerRecord<>(output, value))
                .build());
    return RunningJob.submit(environment, output);
  }

  @Override
  Classified classified(byte[] result) {
    try {
      Scored scored = JSON.readValue(result, Scored.class);
      return Classified.inFull(WholeNetwork.argmax(scored.output()) == scored.label());
    } catch (IOException e) {
      throw new UncheckedIOException("reading a result back", e);
    }
  }

  private static final class Scoring extends RichMapFunction<byte[], byte[]> {

    private static final long serialVersionUID = 1;

    private final String location;
    private transient WholeNetwork network;

    Scoring(String location) {
      this.location = location;
    }

    @Override
    public void open(OpenContext context) throws Exception {
      network = new WholeNetwork(location);
    }

    @Override
    public byte[] map(byte[] value) throws Exception {
      DataPoint point = JSON.readValue(value, DataPoint.class);
      float[] output = network.logits(pixels(point.data()));
      return JSON.writeValueAsBytes(new Scored(point.id(), point.label(), output));
    }

    private float[][][][] pixels(float[] data) {
      Preprocessing format = network.bundle().cascade().preprocessing();
      float[][][][] pixels = new float[1][Preprocessing.CHANNELS][format.height()][format.width()];
      for (int c = 0, from = 0; c < Preprocessing.CHANNELS; c++) {
        for (int y = 0; y < format.height(); y++, from += format.width()) {
          System.arraycopy(data, from, pixels[0][c][y], 0, format.width());
        }
      }
      return pixels;
    }

    @Override
    public void close() throws Exception {
      network.close();
    }
  }
}
