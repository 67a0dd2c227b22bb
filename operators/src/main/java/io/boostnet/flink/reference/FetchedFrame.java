package io.boostnet.flink.reference;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Rejection;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * A frame with its image, wherever that lay.
 *
 * @param frame the frame; null where it was rejected
 * @param rejection why there is none; else null
 */
@Internal
public record FetchedFrame(EncodedFrame frame, Rejection rejection) implements Serializable {

  private static final long serialVersionUID = 1;
}
