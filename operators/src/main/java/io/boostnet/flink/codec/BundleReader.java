package io.boostnet.flink.codec;

import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.ElementType;
import io.boostnet.flink.model.GoldenRows;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.StageTimes;
import io.boostnet.flink.model.TensorSpec;
import io.boostnet.schema.ExitEvidence;
import io.boostnet.schema.GoldenRow;
import io.boostnet.schema.GoldenSpec;
import io.boostnet.schema.ManifestJson;
import io.boostnet.schema.ModelManifest;
import io.boostnet.schema.StageManifest;
import io.boostnet.schema.StageVariant;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.annotation.Internal;

/**
 * Reads a model bundle and checks it: format, that the stages fit each other, checksums. Stateless
 * but for where the bundle is; thread-safe.
 */
@Internal
public final class BundleReader {

  /** What makes evidence. */
  private static final String NO_EVIDENCE =
      "make it with ./boostnet calibrate <bundle> --data <data set>";

  private static final String MANIFEST = ManifestJson.FILE;
  private static final int FORMAT_VERSION = ManifestJson.FORMAT_VERSION;
  private static final String CALIBRATION = "calibration.avro";

  private final BundleSource source;
  private final Precision precision;

  /** The part of a manifest that each form of the stages has for itself. */
  private record Form(
      List<StageManifest> stages, GoldenSpec golden, String calibration, StageTimes times) {}

  /** A reader of the bundle at a source, of the stages that every bundle has. */
  public BundleReader(BundleSource source) {
    this(source, Precision.FP32);
  }

  /**
   * A reader of one form of the stages of the bundle at a source.
   *
   * @param precision which form; not {@link Precision#AUTO}
   */
  public BundleReader(BundleSource source, Precision precision) {
    this.source = source;
    this.precision = precision;
  }

  /** Whether a manifest has stages of this precision. */
  public static boolean has(ModelManifest manifest, Precision precision) {
    return precision == Precision.FP32 || variant(manifest, precision).isPresent();
  }

  private static Optional<StageVariant> variant(ModelManifest manifest, Precision precision) {
    return manifest.getVariants().stream()
        .filter(variant -> variant.getPrecision().name().equals(precision.name()))
        .findFirst();
  }

  private Form form(ModelManifest manifest) {
    if (precision == Precision.FP32) {
      return new Form(
          manifest.getStages(), manifest.getGolden(), CALIBRATION, times(manifest.getTimes()));
    }
    StageVariant variant =
        variant(manifest, precision)
            .filter(other -> other.getStages().size() == manifest.getStages().size())
            .orElseThrow(
                () ->
                    wrong(
                        "has not all of its %d stages in %s; make them with quantize, or set precision to auto or fp32"
                            .formatted(manifest.getStages().size(), precision)));
    return new Form(
        variant.getStages(),
        variant.getGolden(),
        variant.getCalibration(),
        times(variant.getTimes()));
  }

  /**
   * Reads the manifest as it stands.
   *
   * @throws BundleException where there is none or it is not one of this format
   */
  public ModelManifest manifest() {
    byte[] json =
        read(
            MANIFEST,
            "give the directory or zip of a bundle, as graft, cut, export and import write them");
    try {
      int version = ManifestJson.formatVersion(json);
      if (version < 1 || version > FORMAT_VERSION) {
        throw wrong(
            "has formatVersion %d, this release reads 1 to %d; export the bundle again"
                .formatted(version, FORMAT_VERSION));
      }
      return ManifestJson.read(json);
    } catch (IOException | AvroRuntimeException e) {
      throw new BundleException(
          "bundle %s: %s is not a manifest of formats 1 to %d (%s); export the bundle again"
              .formatted(source.location(), MANIFEST, FORMAT_VERSION, e.getMessage()),
          e);
    }
  }

  /**
   * Reads the manifest and checks that it describes a cascade.
   *
   * @throws BundleException where it does not
   */
  public Cascade cascade() {
    ModelManifest manifest = manifest();
    try {
      List<Stage> stages = new ArrayList<>();
      Form form = form(manifest);
      for (StageManifest stage : form.stages()) {
        stages.add(stage(stages.size() + 1, stage));
      }
      Cascade cascade =
          new Cascade(
              manifest.getName(),
              manifest.getVersion(),
              manifest.getLabels(),
              preprocessing(manifest.getPreprocessing()),
              stages,
              form.times());
      check(cascade);
      return cascade;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new BundleException(
          "bundle %s: %s; export the bundle again".formatted(source.location(), e.getMessage()), e);
    }
  }

  /**
   * Reads the model of a stage and compares it with its checksum.
   *
   * @throws BundleException where it is missing or another than the manifest says
   */
  public byte[] model(Stage stage) {
    return readChecked(stage.file(), stage.sha256());
  }

  private byte[] readChecked(String file, String sha256) {
    byte[] bytes = read(file, "export the bundle again");
    String found = sha256(bytes);
    if (!found.equals(sha256)) {
      throw wrong(
          "%s has the SHA-256 %s, the manifest says %s; copy or export the bundle again"
              .formatted(file, found, sha256));
    }
    return bytes;
  }

  /**
   * Reads the golden rows, comparing them with their checksum.
   *
   * @param cascade of this bundle
   * @return the rows; empty for a bundle of a format or a maker that knew none
   * @throws BundleException where the manifest names them and they are missing, damaged or not of
   *     this cascade
   */
  public Optional<GoldenRows> goldenRows(Cascade cascade) {
    GoldenSpec spec = form(manifest()).golden();
    if (spec.getFile().isEmpty()) {
      return Optional.empty();
    }
    requirePlainName("golden", spec.getFile());
    byte[] file = readChecked(spec.getFile(), spec.getSha256());
    List<GoldenRow> rows = records(GoldenRow.class, spec.getFile(), "golden rows", file);
    float[][] inputs = new float[rows.size()][];
    float[][][] logits = new float[rows.size()][][];
    for (int row = 0; row < inputs.length; row++) {
      inputs[row] = floats(rows.get(row).getInput());
      logits[row] =
          rows.get(row).getLogits().stream().map(BundleReader::floats).toArray(float[][]::new);
    }
    try {
      return Optional.of(
          new GoldenRows(inputs, logits, spec.getTolerance(), spec.getReason())
              .requireFitting(cascade));
    } catch (IllegalArgumentException e) {
      throw new BundleException(
          "bundle %s: %s; export the bundle again".formatted(source.location(), e.getMessage()), e);
    }
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }

  /**
   * Reads the calibration evidence.
   *
   * @throws BundleException where there is none or it does not fit the cascade
   */
  public List<ExitEvidence> evidence() {
    int exits = cascade().exits();
    String calibration = form(manifest()).calibration();
    if (calibration.isEmpty()) {
      throw wrong(
          "has no evidence of its stages in %s; quantize it with its data set"
              .formatted(precision));
    }
    requirePlainName("calibration", calibration);
    byte[] file = read(calibration, NO_EVIDENCE);
    List<ExitEvidence> evidence = records(ExitEvidence.class, calibration, "exit evidence", file);
    for (ExitEvidence image : evidence) {
      if (image.getConfidence().size() != exits || image.getPredicted().size() != exits) {
        throw wrong(
            "%s has %d exits, the manifest has %d stages; export the bundle again"
                .formatted(calibration, image.getConfidence().size(), exits));
      }
    }
    return evidence;
  }

  private <T extends SpecificRecord> List<T> records(
      Class<T> type, String name, String what, byte[] file) {
    List<T> records = new ArrayList<>();
    try (DataFileReader<T> reader =
        new DataFileReader<>(new SeekableByteArrayInput(file), new SpecificDatumReader<>(type))) {
      reader.forEach(records::add);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      // Avro answers damage with exceptions of many kinds, and allocates whatever a length claims.
      throw new BundleException(
          "bundle %s: %s is not a file of %s (%s); export the bundle again"
              .formatted(source.location(), name, what, e),
          e);
    }
    return records;
  }

  private byte[] read(String file, String remedy) {
    try {
      return source.read(file);
    } catch (FileNotFoundException e) {
      throw new BundleException(
          "bundle %s has no %s; %s".formatted(source.location(), file, remedy), e);
    } catch (IOException e) {
      throw new BundleException(
          "bundle %s: %s cannot be read (%s); %s"
              .formatted(source.location(), file, e.getMessage(), remedy),
          e);
    }
  }

  private void check(Cascade cascade) {
    if (cascade.stages().isEmpty()) {
      throw wrong("has no stages; export the bundle again");
    }
    if (cascade.classes() < 2) {
      throw wrong("has %d labels; at least 2 are needed".formatted(cascade.classes()));
    }
    cascade.costInMacs();
    Preprocessing image = cascade.preprocessing();
    TensorSpec pixels =
        new TensorSpec(
            "image",
            ElementType.FLOAT,
            List.of((long) Preprocessing.CHANNELS, (long) image.height(), (long) image.width()));
    List<TensorSpec> available = List.of(pixels);
    for (Stage stage : cascade.stages()) {
      checkInputs(stage, available, stage.index() == 1);
      checkLogits(stage, cascade.classes());
      available = stage.outputs();
    }
  }

  private void checkInputs(Stage stage, List<TensorSpec> available, boolean first) {
    int inputs = stage.inputs().size();
    boolean fits =
        inputs >= 1 && (inputs == available.size() || (!first && inputs == available.size() - 1));
    for (int i = 0; fits && i < inputs; i++) {
      fits = stage.inputs().get(i).sameRows(available.get(i));
    }
    if (!fits) {
      throw wrong(
          "%s takes %s, but %s gives %s; export the bundle again"
              .formatted(
                  stage.label(),
                  stage.inputs(),
                  first ? "the preprocessing" : "stage-" + (stage.index() - 1),
                  available));
    }
  }

  private void checkLogits(Stage stage, int classes) {
    if (stage.outputs().isEmpty()
        || stage.logits().type() != ElementType.FLOAT
        || !stage.logits().rowShape().equals(List.of((long) classes))) {
      throw wrong(
          "the last output of %s is not FLOAT logits of %d classes, but %s; export the bundle again"
              .formatted(
                  stage.label(), classes, stage.outputs().isEmpty() ? "missing" : stage.logits()));
    }
  }

  private static StageTimes times(io.boostnet.schema.StageTimes times) {
    return new StageTimes(times.getMachine(), times.getMicroBatch(), times.getNanos());
  }

  private static Stage stage(int index, StageManifest stage) {
    requirePlainName("stage", stage.getFile());
    return new Stage(
        index,
        stage.getFile(),
        stage.getSha256(),
        specs(stage.getInputs()),
        specs(stage.getOutputs()),
        stage.getCumulativeMacs(),
        stage.getCumulativeParameters());
  }

  private static void requirePlainName(String what, String file) {
    if (!file.matches("[^/\\\\\\p{Cntrl}]+") || file.matches(" *\\.{0,2}")) {
      throw new IllegalArgumentException(
          what + " file is '" + file + "'; it must be a plain file name in the bundle");
    }
  }

  private static List<TensorSpec> specs(List<io.boostnet.schema.TensorSpec> specs) {
    return specs.stream()
        .map(
            spec -> {
              List<Long> shape = spec.getShape();
              if (shape.size() < 2 || shape.get(0) != -1) {
                throw new IllegalArgumentException(
                    "tensor %s has the shape %s; the first size must be -1, the batch"
                        .formatted(spec.getName(), shape));
              }
              return new TensorSpec(
                  spec.getName(),
                  ElementType.valueOf(spec.getElementType().name()),
                  shape.subList(1, shape.size()));
            })
        .toList();
  }

  private static Preprocessing preprocessing(io.boostnet.schema.Preprocessing image) {
    return new Preprocessing(
        image.getHeight(),
        image.getWidth(),
        Preprocessing.ChannelOrder.valueOf(image.getChannelOrder().name()),
        image.getScale(),
        image.getMean(),
        image.getStd(),
        Preprocessing.Resize.valueOf(image.getResize().name()),
        image.getShortSide(),
        Preprocessing.Interpolation.valueOf(image.getInterpolation().name()));
  }

  private BundleException wrong(String what) {
    return new BundleException("bundle " + source.location() + ": " + what);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
