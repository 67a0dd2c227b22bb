package io.boostnet.flink.codec;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.TestBundles;
import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.fuzz.JsonEdit;
import io.boostnet.schema.ExitEvidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.flink.util.FileUtils;
import org.assertj.core.api.Assertions;

/** Damaged bundles, as directories and as zips: a bundle or a {@link BundleException}. */
class BundleFuzzTest {

  private static final String MANIFEST = "manifest.json";
  private static final String EVIDENCE = "calibration.avro";
  private static final long MOST_HEAP = 64 << 20;

  private static Path directory;
  private static String manifest;
  private static byte[] evidence;
  private static byte[] zip;
  private static Path golden;
  private static String goldenManifest;
  private static String goldenSha256;
  private static byte[] goldenRows;

  @BeforeContainer
  static void prepare() throws Exception {
    golden = TestBundles.withGoldenRows(Files.createTempDirectory("golden-fuzz"), 1e-5);
    goldenManifest = Files.readString(golden.resolve(MANIFEST));
    goldenSha256 = TestBundles.sha256(golden.resolve("golden.avro"));
    goldenRows = Files.readAllBytes(golden.resolve("golden.avro"));
    directory = TestBundles.copyTo(Files.createTempDirectory("bundle-fuzz"));
    manifest = Files.readString(directory.resolve(MANIFEST));
    evidence = evidence();
    Files.write(directory.resolve(EVIDENCE), evidence);
    zip = zip();
  }

  @AfterContainer
  static void delete() throws IOException {
    FileUtils.deleteDirectory(directory.toFile());
    FileUtils.deleteDirectory(golden.toFile());
  }

  @Fuzz
  void manifestWithOtherValues_isReadOrRefused(@ForAll("jsonEdits") List<JsonEdit> edits)
      throws IOException {
    read(JsonEdit.apply(edits, manifest).getBytes(StandardCharsets.UTF_8));
  }

  @Fuzz
  void damagedManifest_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    read(Edit.apply(edits, manifest.getBytes(StandardCharsets.UTF_8)));
  }

  @Fuzz
  void damagedEvidence_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    Files.writeString(directory.resolve(MANIFEST), manifest);
    Files.write(directory.resolve(EVIDENCE), Edit.apply(edits, evidence));
    // No bound on the heap: Avro's container reader has none, and a length may claim 2 GB.
    Attempt.at(
        () -> ModelBundle.read(directory.toString()).calibration(),
        Long.MAX_VALUE,
        Set.of(BundleException.class));
  }

  @Fuzz
  void damagedGoldenRows_areReadOrRefused(@ForAll("edits") List<Edit> edits) throws Exception {
    byte[] changed = Edit.apply(edits, goldenRows);
    Path file = Files.write(golden.resolve("golden.avro"), changed);
    Files.writeString(
        golden.resolve(MANIFEST), goldenManifest.replace(goldenSha256, TestBundles.sha256(file)));
    // No bound on the heap: Avro's container reader has none, and a length may claim 2 GB.
    Attempt.at(
        () -> ModelBundle.read(golden.toString()).goldenRows(),
        Long.MAX_VALUE,
        Set.of(BundleException.class));
  }

  @Fuzz
  void damagedZip_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    Path file = directory.resolve("bundle.zip");
    Files.write(file, Edit.apply(edits, zip));
    attempt(() -> ModelBundle.read(file.toString()).verify());
  }

  @Example
  void zipThatExpandsBeyondReason_isRefused() throws IOException {
    Path file = directory.resolve("bomb.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      out.putNextEntry(new ZipEntry(MANIFEST));
      byte[] blanks = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        out.write(blanks);
      }
    }
    Assertions.assertThat(attempt(() -> ModelBundle.read(file.toString()))).isFalse();
  }

  @Provide
  Arbitrary<List<JsonEdit>> jsonEdits() {
    return JsonEdit.several();
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  private static void read(byte[] changed) throws IOException {
    Files.write(directory.resolve(MANIFEST), changed);
    attempt(() -> ModelBundle.read(directory.toString()).verify());
  }

  private static boolean attempt(Callable<?> reading) {
    return Attempt.at(reading, MOST_HEAP, Set.of(BundleException.class));
  }

  private static byte[] evidence() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<ExitEvidence> out =
        new DataFileWriter<>(new SpecificDatumWriter<>(ExitEvidence.class))) {
      out.setCodec(CodecFactory.deflateCodec(1));
      out.create(ExitEvidence.getClassSchema(), bytes);
      for (int i = 0; i < 20; i++) {
        out.append(new ExitEvidence(i % 10, List.of(0.5f, 0.6f, 0.7f), List.of(i % 7, 1, 2)));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes);
        Stream<Path> files = Files.list(TestBundles.random())) {
      for (Path file : files.toList()) {
        out.putNextEntry(new ZipEntry(file.getFileName().toString()));
        Files.copy(file, out);
      }
    }
    return bytes.toByteArray();
  }
}
