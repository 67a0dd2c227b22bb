package io.boostnet.flink.budget;

import io.boostnet.flink.EvidenceRecords;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.model.StageCost;
import io.boostnet.schema.ExitEvidence;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.specific.SpecificDatumReader;

/** Evidence of a trained 4-exit network on CIFAR-100, from the reference files. */
final class ReferenceEvidence {

  /** Multiply-accumulate operations of that network, up to each exit. */
  static final StageCost COST =
      StageCost.ofCumulative(6_817_380, 11_374_280, 15_938_860, 19_852_688);

  private ReferenceEvidence() {}

  /** 5,000 images. */
  static Evidence validation() {
    return evidence("validation");
  }

  /** 10,000 images. */
  static Evidence test() {
    return evidence("test");
  }

  private static Evidence evidence(String split) {
    String file = "/reference/evidence-cifar100-n4-" + split + ".avro";
    try (InputStream in = ReferenceEvidence.class.getResourceAsStream(file);
        DataFileStream<ExitEvidence> images =
            new DataFileStream<>(in, new SpecificDatumReader<>(ExitEvidence.class))) {
      return EvidenceRecords.calibration(images);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
