package io.boostnet.flink.stage;

import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.ThresholdChange;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** Side outputs of the operators in this package. */
@Internal
public final class StageTags {

  /** Of stage 1: changes of the thresholds. */
  public static final OutputTag<ThresholdChange> THRESHOLD_CHANGES =
      new OutputTag<>("threshold-changes", TypeInformation.of(ThresholdChange.class));

  /** Of the common end: rejections. */
  public static final OutputTag<Rejection> REJECTIONS =
      new OutputTag<>("rejections", TypeInformation.of(Rejection.class));

  private StageTags() {}
}
