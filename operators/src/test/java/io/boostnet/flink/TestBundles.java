package io.boostnet.flink;

import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.exit.Confidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.MicroBatch;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ExitEvidence;
import io.boostnet.schema.GoldenRow;
import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StagePrecision;
import io.boostnet.schema.StageTimes;
import io.boostnet.schema.StageVariant;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** The bundle of the tests, a 3-exit MSDNet with random weights, and images for it. */
public final class TestBundles {

  private TestBundles() {}

  /** Directory of the bundle. */
  public static Path random() {
    try {
      return Path.of(TestBundles.class.getResource("/bundles/random").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A copy of the bundle that a test may damage. */
  public static Path copyTo(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(random())) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName().toString()));
      }
    }
    return directory;
  }

  /**
   * A copy of the bundle with calibration evidence of some frames, in which the last exit is always
   * right, so that depth is worth its cost.
   */
  public static Path withEvidence(Path directory, List<ImageFrame> frames) throws Exception {
    copyTo(directory);
    ModelBundle bundle = ModelBundle.read(directory.toString());
    try (EveryExit exits = new EveryExit(bundle);
        DataFileWriter<ExitEvidence> out =
            new DataFileWriter<>(new SpecificDatumWriter<>(ExitEvidence.class))) {
      out.create(ExitEvidence.getClassSchema(), directory.resolve("calibration.avro").toFile());
      for (ImageFrame frame : frames) {
        List<Float> confidences = new ArrayList<>();
        List<Integer> predicted = new ArrayList<>();
        for (float[] logits : exits.of(frame).logits()) {
          Confidence confidence = Confidence.of(FloatBuffer.wrap(logits), 0, logits.length);
          confidences.add(confidence.value());
          predicted.add(confidence.label());
        }
        out.append(new ExitEvidence(predicted.get(predicted.size() - 1), confidences, predicted));
      }
    }
    return directory;
  }

  /** A copy of the bundle with golden rows of three images. */
  public static Path withGoldenRows(Path directory, double tolerance) throws Exception {
    copyTo(directory);
    ModelManifest manifest = ModelBundle.read(directory.toString()).manifest();
    manifest.setGolden(goldenRows(directory, "golden.avro", tolerance, 0));
    write(manifest, directory);
    return directory;
  }

  /**
   * A copy of the bundle with a form in 8 bits, as its manifest says: the models are the same.
   *
   * @param off what the golden logits of that form are off by
   */
  public static Path withInt8Form(Path directory, double tolerance, float off) throws Exception {
    copyTo(directory);
    ModelManifest manifest = ModelBundle.read(directory.toString()).manifest();
    List<StageManifest> stages = new ArrayList<>();
    for (StageManifest stage : manifest.getStages()) {
      String file = "int8-" + stage.getFile();
      Files.copy(directory.resolve(stage.getFile()), directory.resolve(file));
      stages.add(StageManifest.newBuilder(stage).setFile(file).build());
    }
    manifest.setVariants(
        List.of(
            new StageVariant(
                StagePrecision.INT8,
                stages,
                goldenRows(directory, "int8-golden.avro", tolerance, off),
                "",
                "",
                new StageTimes("", 0, List.of()))));
    write(manifest, directory);
    return directory;
  }

  /** The bundle in a directory, or a copy of it there, with times of its stages in nanoseconds. */
  public static Path withTimes(Path directory, Double... nanos) throws Exception {
    if (!Files.exists(directory.resolve(ManifestJson.FILE))) {
      copyTo(directory);
    }
    ModelManifest manifest = ModelBundle.read(directory.toString()).manifest();
    manifest.setTimes(new StageTimes("a machine", 8, List.of(nanos)));
    write(manifest, directory);
    return directory;
  }

  private static GoldenSpec goldenRows(Path directory, String name, double tolerance, float off)
      throws Exception {
    Path file = directory.resolve(name);
    try (EveryExit exits = new EveryExit(ModelBundle.read(directory.toString()));
        DataFileWriter<GoldenRow> out =
            new DataFileWriter<>(new SpecificDatumWriter<>(GoldenRow.class))) {
      out.create(GoldenRow.getClassSchema(), file.toFile());
      for (ImageFrame frame : frames(3)) {
        Said said = exits.of(frame);
        List<List<Float>> logits = new ArrayList<>();
        for (float[] exit : said.logits()) {
          logits.add(list(exit).stream().map(logit -> logit + off).toList());
        }
        out.append(new GoldenRow(list(said.image()), logits));
      }
    }
    return new GoldenSpec(name, sha256(file), tolerance, "as the test says");
  }

  private static void write(ModelManifest manifest, Path directory) throws Exception {
    manifest.setFormatVersion(ManifestJson.FORMAT_VERSION);
    try (OutputStream out = Files.newOutputStream(directory.resolve(ManifestJson.FILE))) {
      ManifestJson.write(manifest, out);
    }
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>();
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  /** SHA-256 of a file as a manifest states it. */
  public static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  /** An image's tensor and the logits of every exit. */
  private record Said(float[] image, List<float[]> logits) {}

  /** The stages of a bundle one after the other, for one image at a time. */
  private static final class EveryExit implements AutoCloseable {
    private final List<StageRunner> runners = new ArrayList<>();
    private final List<MicroBatch> batches = new ArrayList<>();
    private final SampleDecoder<ImageFrame> decoder;
    private final Features image;

    EveryExit(ModelBundle bundle) throws Exception {
      Cascade cascade = bundle.cascade();
      image = Features.allocate(cascade.stages().get(0).inputs());
      decoder =
          new FrameSamples<>(new ImageFrameDecoder(), cascade.preprocessing(), Limits.DEFAULT);
      decoder.open();
      for (Stage stage : cascade.stages()) {
        runners.add(bundle.stage(stage, Device.CPU).open());
        batches.add(runners.get(runners.size() - 1).allocate(1));
      }
    }

    Said of(ImageFrame frame) throws Exception {
      decoder.decode(frame, image);
      List<float[]> logits = new ArrayList<>();
      Features features = image;
      for (int i = 0; i < runners.size(); i++) {
        MicroBatch batch = batches.get(i);
        batch.clear();
        batch.append(features);
        runners.get(i).run(batch);
        logits.add(floats(batch.logits()));
        features = batch.carried(0);
      }
      return new Said(floats(image.tensors()[0].asFloatBuffer()), logits);
    }

    private static float[] floats(FloatBuffer buffer) {
      float[] values = new float[buffer.limit()];
      buffer.get(0, values);
      return values;
    }

    @Override
    public void close() {
      batches.forEach(MicroBatch::close);
      runners.forEach(StageRunner::close);
      decoder.close();
    }
  }

  /** The cascade of the bundle. */
  public static Cascade cascade() {
    return ModelBundle.read(random().toString()).cascade();
  }

  /** Images of coarse noise, each another, as PNG frames of one source. */
  public static List<ImageFrame> frames(int count) {
    Random random = new Random(11);
    List<ImageFrame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(
          ImageFrame.newBuilder()
              .setSourceId("camera")
              .setSequence(i)
              .setTimestampMs(1_000 + i)
              .setContentType("image/png")
              .setImage(ByteBuffer.wrap(png(random)))
              .setLabel(i % 10)
              .build());
    }
    return frames;
  }

  private static byte[] png(Random random) {
    int cells = 1 + random.nextInt(16);
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    int[] colours = random.ints((long) cells * cells).toArray();
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        image.setRGB(x, y, colours[y * cells / 32 * cells + x * cells / 32]);
      }
    }
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      ImageIO.write(image, "png", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
