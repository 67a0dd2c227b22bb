package io.boostnet.flink.stage;

import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.TensorSpec;
import java.io.Serializable;
import org.apache.flink.annotation.Internal;

/**
 * What the head of the chain needs to know. Immutable.
 *
 * @param image the input of stage 1
 * @param preprocessing how its pixels are made
 * @param control the control of the pipeline, the same for all its stages
 * @param network name and version of the network: decisions of another are not inherited
 */
@Internal
public record DecodeSettings(
    TensorSpec image, Preprocessing preprocessing, StageControl control, String network)
    implements Serializable {

  private static final long serialVersionUID = 1;
}
