package io.boostnet.flink.stage;

import io.boostnet.flink.model.InFlightSample;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.TensorSpec;
import org.apache.flink.annotation.Internal;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/**
 * Makes the head of the chain.
 *
 * @param <I> type of the stream's records
 */
@Internal
public final class DecodeOperatorFactory<I> extends AbstractStreamOperatorFactory<InFlightSample>
    implements OneInputStreamOperatorFactory<I, InFlightSample> {

  private static final long serialVersionUID = 1;

  private final SampleDecoder<I> decoder;
  private final TensorSpec image;

  /**
   * A factory.
   *
   * @param decoder copied to every subtask
   * @param image the input of stage 1
   */
  public DecodeOperatorFactory(SampleDecoder<I> decoder, TensorSpec image) {
    this.decoder = decoder;
    this.image = image;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<InFlightSample>> T createStreamOperator(
      StreamOperatorParameters<InFlightSample> parameters) {
    return (T) new DecodeOperator<>(parameters, decoder, image);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return DecodeOperator.class;
  }
}
