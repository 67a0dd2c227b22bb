package io.boostnet.flink.stage;

import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.SampleDecoder;
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
public final class DecodeOperatorFactory<I> extends AbstractStreamOperatorFactory<ChainElement>
    implements OneInputStreamOperatorFactory<I, ChainElement> {

  private static final long serialVersionUID = 1;

  private final SampleDecoder<I> decoder;
  private final DecodeSettings settings;

  /**
   * A factory.
   *
   * @param decoder copied to every subtask
   * @param settings what it needs to know of images and tracks
   */
  public DecodeOperatorFactory(SampleDecoder<I> decoder, DecodeSettings settings) {
    this.decoder = decoder;
    this.settings = settings;
    setChainingStrategy(ChainingStrategy.ALWAYS);
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T extends StreamOperator<ChainElement>> T createStreamOperator(
      StreamOperatorParameters<ChainElement> parameters) {
    return (T) new DecodeOperator<>(parameters, decoder, settings);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return DecodeOperator.class;
  }
}
