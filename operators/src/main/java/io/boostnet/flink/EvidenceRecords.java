package io.boostnet.flink;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.schema.ExitEvidence;
import java.util.Iterator;
import org.apache.flink.annotation.Internal;

/** Exit evidence as Avro records, into {@link Evidence}. */
@Internal
public final class EvidenceRecords {

  private EvidenceRecords() {}

  /**
   * Evidence of all records.
   *
   * @throws IllegalArgumentException if there is no record, or records have different numbers of
   *     exits or confidences beyond 0..1
   */
  public static Evidence calibration(Iterable<ExitEvidence> records) {
    Iterator<ExitEvidence> images = records.iterator();
    if (!images.hasNext()) {
      throw new IllegalArgumentException("evidence has no image; at least one is needed");
    }
    Evidence.Builder calibration = null;
    while (images.hasNext()) {
      ExitEvidence image = images.next();
      float[] confidence = new float[image.getConfidence().size()];
      int[] predicted = new int[image.getPredicted().size()];
      for (int i = 0; i < confidence.length; i++) {
        confidence[i] = image.getConfidence().get(i);
      }
      for (int i = 0; i < predicted.length; i++) {
        predicted[i] = image.getPredicted().get(i);
      }
      if (calibration == null) {
        calibration = Evidence.builder(confidence.length);
      }
      calibration.add(image.getLabel(), confidence, predicted);
    }
    return calibration.build();
  }
}
