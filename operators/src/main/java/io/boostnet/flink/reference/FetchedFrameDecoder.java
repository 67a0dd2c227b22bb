package io.boostnet.flink.reference;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import org.apache.flink.annotation.Internal;

/** Frames whose record was read already. */
@Internal
public final class FetchedFrameDecoder implements FrameDecoder<FetchedFrame> {

  private static final long serialVersionUID = 1;

  @Override
  public EncodedFrame decode(FetchedFrame fetched) throws RejectedFrameException {
    if (fetched.rejection() != null) {
      throw new RejectedFrameException(fetched.rejection());
    }
    return fetched.frame();
  }
}
