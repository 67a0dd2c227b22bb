package io.boostnet.flink.stage;

import io.boostnet.flink.coordination.StageCoordinator;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.options.MicroBatching;
import org.apache.flink.annotation.Internal;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.operators.coordination.OperatorCoordinator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.CoordinatedOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the operator of one stage. */
@Internal
public final class StageOperatorFactory extends AbstractStreamOperatorFactory<ChainElement>
    implements OneInputStreamOperatorFactory<ChainElement, ChainElement>,
        CoordinatedOperatorFactory<ChainElement> {

  private static final long serialVersionUID = 1;

  private final StageRunnerFactory runner;
  private final MicroBatching batching;
  private final StageControl control;

  /**
   * A factory.
   *
   * @param runner opens the stage's network in each subtask
   * @param batching how rows are gathered
   * @param control the control of the pipeline, the same for all its stages
   */
  public StageOperatorFactory(
      StageRunnerFactory runner, MicroBatching batching, StageControl control) {
    this.runner = runner;
    this.batching = batching;
    this.control = control;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<ChainElement>> T createStreamOperator(
      StreamOperatorParameters<ChainElement> parameters) {
    return (T) new StageOperator(parameters, runner, batching, control);
  }

  @Override
  public OperatorCoordinator.Provider getCoordinatorProvider(String name, OperatorID operator) {
    return new StageCoordinator.Provider(operator, control.plan(), runner.stage().index());
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return StageOperator.class;
  }
}
