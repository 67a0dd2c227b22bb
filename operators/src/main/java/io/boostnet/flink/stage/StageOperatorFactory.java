package io.boostnet.flink.stage;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.options.MicroBatching;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator of one stage. */
public final class StageOperatorFactory extends AbstractStreamOperatorFactory<InFlightSample>
    implements OneInputStreamOperatorFactory<InFlightSample, InFlightSample> {

  private static final long serialVersionUID = 1;

  private final StageRunnerFactory runner;
  private final MicroBatching batching;
  private final Thresholds thresholds;

  /**
   * A factory.
   *
   * @param runner opens the stage's network in each subtask
   * @param batching how rows are gathered
   * @param thresholds one per exit of the cascade
   */
  public StageOperatorFactory(
      StageRunnerFactory runner, MicroBatching batching, Thresholds thresholds) {
    this.runner = runner;
    this.batching = batching;
    this.thresholds = thresholds;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<InFlightSample>> T createStreamOperator(
      StreamOperatorParameters<InFlightSample> parameters) {
    return (T) new StageOperator(parameters, runner, batching, thresholds);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return StageOperator.class;
  }
}
