package io.boostnet.jobs.files;

import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/** Damaged frame files: frames or a {@link ConfigException}. */
class FrameFileFuzzTest {

  private static Path file;
  private static byte[] whole;

  @BeforeContainer
  static void create() throws IOException {
    file = Files.createTempFile("frames", ".avro");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataFileWriter<ImageFrame> out =
        new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      out.setCodec(CodecFactory.deflateCodec(1));
      out.create(ImageFrame.getClassSchema(), bytes);
      for (int i = 0; i < 5; i++) {
        out.append(Frames.noise("camera", i));
      }
    }
    whole = bytes.toByteArray();
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(file);
  }

  @Fuzz
  void damagedFile_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    Files.write(file, Edit.apply(edits, whole));
    // No bound on the heap: Avro's container reader has none, and a length may claim 2 GB.
    Attempt.at(FrameFileFuzzTest::readAll, Long.MAX_VALUE, Set.of(ConfigException.class));
  }

  private static long readAll() {
    long counted = FrameFile.count(file);
    try (FrameFile frames = FrameFile.open(file)) {
      frames.forEachRemaining(frame -> {});
    }
    return counted;
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }
}
