package io.boostnet.jobs.bench;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.schema.ImageFrame;
import java.time.Duration;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Our chain of stages, frames from memory. */
final class ChainContender extends InMemoryContender {

  private final String name;
  private final MicroBatching batching;
  private final Budget budget;
  private final Duration controlInterval;

  /** The chain at the thresholds of the workload. */
  ChainContender(String name, Workload work, MicroBatching batching) {
    this(name, work, batching, Budget.constant(work.thresholds()), ControlPlan.DEFAULT_INTERVAL);
  }

  ChainContender(
      String name, Workload work, MicroBatching batching, Budget budget, Duration controlInterval) {
    super(work);
    this.name = name;
    this.batching = batching;
    this.budget = budget;
    this.controlInterval = controlInterval;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  DataStream<Classified> classify(DataStream<ImageFrame> frames) {
    return EarlyExitInference.fromBundle(work().location())
        .withBudget(budget)
        .withMicroBatching(batching)
        .withDevice(Device.CPU)
        .withPrecision(work().bundle().precision())
        .withControlInterval(controlInterval)
        .apply(frames)
        .predictions()
        .map(Classified::of)
        .returns(Classified.class);
  }
}
