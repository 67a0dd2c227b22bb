package io.boostnet.flink.stage;

import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.options.OutputOrder;
import org.apache.flink.annotation.Internal;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes the common end of all exits. */
@Internal
public final class OutcomeOperatorFactory extends AbstractStreamOperatorFactory<Decision>
    implements OneInputStreamOperatorFactory<ChainElement, Decision> {

  private static final long serialVersionUID = 1;

  private final OutputOrder order;

  /** A factory for the given order. */
  public OutcomeOperatorFactory(OutputOrder order) {
    this.order = order;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<Decision>> T createStreamOperator(
      StreamOperatorParameters<Decision> parameters) {
    return (T) new OutcomeOperator(parameters, order);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return OutcomeOperator.class;
  }
}
