package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * A checkout of this project that is compared with another: its bundle, and what its job reads and
 * writes on Kafka, which may be older than what this build knows.
 *
 * @param root its directory
 * @param work its bundle, as this build runs it, and the frames
 * @param frames schema of the frames that its job reads
 * @param predictions schema of the predictions that its job writes
 */
record Checkout(Path root, Workload work, Schema frames, Schema predictions) {

  private static final String SCHEMAS = "schemas/src/main/avro";

  /**
   * A checkout.
   *
   * @param bundle the bundle, from its directory where it is there
   * @param exits from its bundle to the exits
   * @throws ConfigException where it is none
   */
  static Checkout read(
      Path root, String bundle, Path file, int threads, Function<Workload, Thresholds> exits) {
    Path own = root.resolve(bundle);
    Workload work = Workload.read(Files.exists(own) ? own.toString() : bundle, file, threads);
    return new Checkout(
        root,
        work.leavingAt(exits.apply(work)),
        schema(root, "ImageFrame"),
        schema(root, "Prediction"));
  }

  /**
   * What starts its commands.
   *
   * @throws ConfigException where there is nothing to start
   */
  static Path launcher(Path root) {
    Path launcher = root.resolve("boostnet");
    if (!Files.isExecutable(launcher)) {
      throw new ConfigException(
          "--baseline is %s, where there is no boostnet to start; give a checkout of this project."
              .formatted(root));
    }
    return launcher;
  }

  private static Schema schema(Path root, String record) {
    Path file = root.resolve(SCHEMAS).resolve(record + ".avsc");
    try {
      return new Schema.Parser().parse(file.toFile());
    } catch (IOException e) {
      throw new ConfigException(
          "The schema %s cannot be read (%s); give a checkout of this project."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  /**
   * Encodes frames as its job reads them. What it does not know is left out.
   *
   * @throws ConfigException where its fields are not the first of those of today
   */
  Function<ImageFrame, byte[]> frameEncoder() {
    List<Schema.Field> ours = ImageFrame.getClassSchema().getFields();
    for (Schema.Field field : frames.getFields()) {
      if (field.pos() >= ours.size() || !ours.get(field.pos()).name().equals(field.name())) {
        throw new ConfigException(
            "The frames of %s have a field %s that this build does not write; compare with a later build."
                .formatted(root, field.name()));
      }
    }
    BinaryMessageEncoder<ImageFrame> encoder =
        new BinaryMessageEncoder<>(GenericData.get(), frames);
    return frame -> {
      try {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        encoder.encode(frame, bytes);
        return bytes.toByteArray();
      } catch (IOException e) {
        throw new UncheckedIOException("encoding a frame", e);
      }
    };
  }
}
