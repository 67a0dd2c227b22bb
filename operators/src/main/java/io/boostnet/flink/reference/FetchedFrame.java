package io.boostnet.flink.reference;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Rejection;
import java.io.Serializable;

/**
 * A frame with its image, wherever that lay.
 *
 * @param frame the frame; null where it was rejected
 * @param rejection why there is none; else null
 */
public record FetchedFrame(EncodedFrame frame, Rejection rejection) implements Serializable {

  private static final long serialVersionUID = 1;
}
