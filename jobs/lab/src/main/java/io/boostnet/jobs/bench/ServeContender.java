package io.boostnet.jobs.bench;

import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.ServeConfig.BatchSize;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.SingleObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
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
    ServeConfig avro = config(work, topics(), frames, output, ServeConfig.Delivery.EXACTLY_ONCE);
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
      Workload work, Topics topics, String frames, String output, ServeConfig.Delivery delivery) {
    return config(work, topics, frames, output, delivery, BatchSize.of("auto"));
  }

  /** The same with a size of micro-batches. */
  static ServeConfig config(
      Workload work,
      Topics topics,
      String frames,
      String output,
      ServeConfig.Delivery delivery,
      BatchSize microBatch) {
    List<Double> thresholds = Arrays.stream(work.thresholds().toArray()).boxed().toList();
    return new ServeConfig(
        work.location(),
        output,
        new ServeConfig.Kafka(
            topics.kafka().bootstrapServers(),
            output,
            ServeConfig.Start.of("earliest"),
            delivery,
            new ServeConfig.Topics(
                frames,
                output,
                topics.create(output + "-dead-letters"),
                topics.create(output + "-control-events")),
            work.threads(),
            null),
        new ServeConfig.Inference(
            thresholds,
            null,
            null,
            null,
            null,
            null,
            microBatch,
            null,
            ServeConfig.DeviceName.of("cpu"),
            new ServeConfig.PrecisionName(work.bundle().precision())),
        new ServeConfig.Job(work.threads(), null, null, null, null));
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
