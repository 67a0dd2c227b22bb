package io.boostnet.training.bundle;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.boostnet.schema.GoldenRow;
import io.boostnet.schema.GoldenSpec;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import io.boostnet.training.input.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * A few inputs and the ensemble logits that the stages of a bundle give for them: whoever serves
 * the bundle runs them first, and does not serve where a logit differs by more than the tolerance.
 *
 * <p>The tolerance is measured on the rows themselves: {@value #MARGIN} times what ONNX Runtime's
 * own kernels differ by, those that it chooses for this machine and the plain ones, but at least
 * {@value #LEAST} of the largest logit. So stages that round more, such as those stored in 16 bits,
 * are given more by what they are and not by a list of types.
 *
 * @param inputs rows of the input tensor of stage 1, {@code [row][element]}
 * @param logits {@code [row][exit from 0][class]}
 * @param tolerance largest difference of a logit to allow, above 0
 * @param reason why it is that much
 */
public record GoldenRows(float[][] inputs, float[][][] logits, double tolerance, String reason) {

  /** Name of the file within a bundle. */
  public static final String FILE = "golden.avro";

  /** Rows that a bundle gets: enough that every weight matters to one of them. */
  public static final int COUNT = 4;

  /** Avro's mark between blocks, else drawn at random: the same rows make the same file. */
  private static final byte[] SYNC = "golden rows sync".getBytes(StandardCharsets.US_ASCII);

  private static final double MARGIN = 5;
  private static final double LEAST = 2e-6;

  /** For a network that says nothing of any input: a tolerance has to be above 0. */
  private static final double LEAST_OF_ALL = 1e-12;

  /**
   * Measures the golden rows of stages, whatever they were made from.
   *
   * @param stages all stages of a bundle, in their order
   * @param inputs rows of the input tensor of stage 1, from {@link #inputs}
   */
  public static GoldenRows of(List<StageModel> stages, float[][] inputs) {
    float[][][] logits = logits(stages, inputs, OptLevel.ALL_OPT);
    float[][][] plain = logits(stages, inputs, OptLevel.NO_OPT);
    double spread = 0;
    double largest = 0;
    for (int row = 0; row < inputs.length; row++) {
      spread = Math.max(spread, difference(logits[row], plain[row]));
      largest = Math.max(largest, difference(logits[row], null));
    }
    double tolerance = Math.max(LEAST_OF_ALL, Math.max(MARGIN * spread, LEAST * largest));
    String reason =
        String.format(
            Locale.ROOT,
            "%.0f times the %.2g by which kernels of ONNX Runtime differ here, and at least %.0g of the largest logit, %.3g",
            MARGIN,
            spread,
            LEAST,
            largest);
    return new GoldenRows(inputs, logits, tolerance, reason);
  }

  /**
   * Inputs to make golden rows of: validation images, spread evenly over the split, or where there
   * are none noise, always alike.
   *
   * @param count rows to take at most, at least 1
   * @return rows of the input tensor, {@code [row][element]}
   */
  public static float[][] inputs(Optional<DataSplits> data, InputFormat format, int count) {
    return data.map(DataSplits::validation)
        .filter(images -> images.size() > 0)
        .map(images -> images(images, format, Math.min(count, images.size())))
        .orElseGet(() -> noise(format, count));
  }

  private static float[][] images(LabelledImages images, InputFormat format, int count) {
    float[][] inputs = new float[count][format.size()];
    byte[] planes = new byte[format.size()];
    for (int row = 0; row < count; row++) {
      int image = (int) ((2L * row + 1) * images.size() / (2L * count));
      images.readPlanes(image, format.resize(), planes, 0);
      format.normalise(planes, 0, inputs[row], 0);
    }
    return inputs;
  }

  private static float[][] noise(InputFormat format, int count) {
    Random random = new Random(1);
    float[][] inputs = new float[count][format.size()];
    byte[] planes = new byte[format.size()];
    for (float[] input : inputs) {
      random.nextBytes(planes);
      format.normalise(planes, 0, input, 0);
    }
    return inputs;
  }

  /**
   * Writes {@link #FILE} into a bundle.
   *
   * @return what its manifest says of it
   */
  public GoldenSpec write(Path bundle) throws IOException {
    return write(bundle, FILE);
  }

  /**
   * Writes them into a bundle.
   *
   * @param file name of the file within the bundle
   * @return what its manifest says of it
   */
  public GoldenSpec write(Path bundle, String file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<GoldenRow> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(GoldenRow.class))) {
      writer.setCodec(CodecFactory.deflateCodec(9));
      writer.create(GoldenRow.getClassSchema(), bytes, SYNC);
      for (int row = 0; row < inputs.length; row++) {
        writer.append(
            new GoldenRow(
                list(inputs[row]), Arrays.stream(logits[row]).map(GoldenRows::list).toList()));
      }
    }
    Files.write(bundle.resolve(file), bytes.toByteArray());
    return new GoldenSpec(file, Sha256.of(bytes.toByteArray()), tolerance, reason);
  }

  /** One call per row, on one thread, as the smallest micro-batch is served. */
  private static float[][][] logits(
      List<StageModel> stages, float[][] inputs, OptLevel optimization) {
    try (OnnxCascade cascade = new OnnxCascade(stages, 1, optimization)) {
      return Arrays.stream(inputs).map(input -> cascade.logits(input, 1)).toArray(float[][][]::new);
    }
  }

  private static double difference(float[][] logits, float[][] others) {
    double largest = 0;
    for (int exit = 0; exit < logits.length; exit++) {
      for (int c = 0; c < logits[exit].length; c++) {
        double other = others == null ? 0 : others[exit][c];
        largest = Math.max(largest, Math.abs(logits[exit][c] - other));
      }
    }
    return largest;
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
