package io.boostnet.jobs.bench;

import io.boostnet.flink.inference.Device;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.InferenceConfig;
import io.boostnet.jobs.serve.JobConfig;
import io.boostnet.jobs.serve.KafkaConfig;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.StartOffsets;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.message.BinaryMessageDecoder;

/** Our Kafka job as {@code serve} runs it: exactly-once, a checkpoint every 10 s. */
final class ServeContender extends KafkaContender {

  private final BinaryMessageDecoder<Prediction> predictions =
      SingleObject.decoder(Prediction.class);
  private final Workload work;
  private final String frames;
  private final FormatConfig format;

  /**
   * A row.
   *
   * @param frames topic with encoded frames, more than a run takes
   */
  ServeContender(String name, Workload work, Topics topics, String frames) {
    this(name, work, topics, frames, FormatConfig.DEFAULT);
  }

  /** A row whose frames have another format. */
  ServeContender(String name, Workload work, Topics topics, String frames, FormatConfig format) {
    super(name, topics);
    this.work = work;
    this.frames = frames;
    this.format = format;
  }

  @Override
  RunningJob start(String output) throws Exception {
    ServeConfig avro = config(work, topics(), frames, output, Delivery.EXACTLY_ONCE);
    return RunningJob.serve(
        new ServeConfig(
            avro.bundle(),
            avro.pipeline(),
            avro.kafka().with(format),
            avro.inference(),
            avro.job()),
        topics().kafka());
  }

  /** The job's configuration, its dead letters and control events on topics of their own. */
  static ServeConfig config(
      Workload work, Topics topics, String frames, String output, Delivery delivery) {
    return config(work, topics, frames, output, delivery, MicroBatching.AUTO);
  }

  /** The same with a size of micro-batches. */
  static ServeConfig config(
      Workload work,
      Topics topics,
      String frames,
      String output,
      Delivery delivery,
      int microBatch) {
    return new ServeConfig(
        work.location(),
        output,
        new KafkaConfig(
            topics.kafka().bootstrapServers(),
            output,
            StartOffsets.of("earliest"),
            delivery,
            new TopicConfig(
                frames,
                output,
                topics.create(output + "-dead-letters"),
                topics.create(output + "-control-events")),
            work.threads(),
            null),
        InferenceConfig.DEFAULT
            .withThresholds(work.thresholds().toArray())
            .withMicroBatch(microBatch)
            .on(Device.parse("cpu"), work.bundle().precision()),
        new JobConfig(work.threads(), null, null, null, null));
  }

  @Override
  Classified classified(byte[] result) {
    try {
      return Classified.of(predictions.decode(result));
    } catch (IOException e) {
      throw new UncheckedIOException("reading a prediction back", e);
    }
  }
}
