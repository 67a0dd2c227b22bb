package io.boostnet.jobs.files;

import io.boostnet.flink.EvidenceRecords;
import io.boostnet.flink.exit.Evidence;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ExitEvidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Exit evidence as a file of its own: an Avro container of {@link ExitEvidence} records, as a
 * bundle's calibration.avro is one.
 */
public final class EvidenceFile {

  private EvidenceFile() {}

  /**
   * Reads evidence.
   *
   * @throws ConfigException where the file is missing, no such container, or holds no evidence
   */
  public static Evidence read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new ConfigException(
          "The evidence file " + path + " does not exist; give the path of an .avro file.");
    }
    try (DataFileReader<ExitEvidence> records =
        new DataFileReader<>(path.toFile(), new SpecificDatumReader<>(ExitEvidence.class))) {
      return EvidenceRecords.calibration(records);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "The evidence file " + path + " cannot be used: " + e.getMessage() + ".", e);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Avro answers damage with exceptions of many kinds, and allocates whatever a length claims.
      throw new ConfigException(
          "The evidence file " + path + " is not a whole Avro container of ExitEvidence records.",
          e);
    }
  }

  /**
   * Writes evidence, creating the directories above the file.
   *
   * @throws ConfigException where the file cannot be written
   */
  public static void write(Path path, List<ExitEvidence> images) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      try (DataFileWriter<ExitEvidence> writer =
          new DataFileWriter<>(new SpecificDatumWriter<>(ExitEvidence.class))) {
        writer.setCodec(CodecFactory.deflateCodec(CodecFactory.DEFAULT_DEFLATE_LEVEL));
        writer.create(ExitEvidence.getClassSchema(), path.toFile());
        for (ExitEvidence image : images) {
          writer.append(image);
        }
      }
    } catch (IOException e) {
      throw new ConfigException("The file " + path + " cannot be written (" + e + ").", e);
    }
  }
}
