package io.boostnet.jobs.bench;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Our chain of stages, with given thresholds. */
final class ChainRow extends FlinkRow {

  private final String name;
  private final Thresholds thresholds;
  private final MicroBatching batching;
  private final Duration controlInterval;

  ChainRow(String name, Workload work, Thresholds thresholds, MicroBatching batching) {
    this(name, work, thresholds, batching, Duration.ofMillis(250));
  }

  ChainRow(
      String name,
      Workload work,
      Thresholds thresholds,
      MicroBatching batching,
      Duration controlInterval) {
    super(work);
    this.controlInterval = controlInterval;
    this.name = name;
    this.thresholds = thresholds;
    this.batching = batching;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  DataStream<Boolean> classify(DataStream<ImageFrame> frames) {
    return EarlyExitInference.fromBundle(work().location())
        .withThresholds(thresholds.toArray())
        .withMicroBatching(batching)
        .withDevice(Device.CPU)
        .withControlInterval(controlInterval)
        .apply(frames)
        .predictions()
        .map(ChainRow::isRight)
        .returns(Types.BOOLEAN);
  }

  private static boolean isRight(Prediction prediction) {
    return Objects.equals(prediction.getTrueLabel(), prediction.getLabel());
  }
}
