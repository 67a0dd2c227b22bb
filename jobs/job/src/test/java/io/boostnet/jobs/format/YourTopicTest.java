package io.boostnet.jobs.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Event;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.api.Test;

/** What docs/your-topic.md says of the wire. */
class YourTopicTest {

  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void fingerprints_ofThePage_areThoseOfTheSchemas() throws IOException {
    String page = Files.readString(DOCS.resolve("your-topic.md"));
    for (Class<?> type :
        List.of(
            ImageFrame.class,
            Prediction.class,
            DeadLetter.class,
            ControlEvent.class,
            Event.class)) {
      Schema schema = SpecificData.get().getSchema(type);
      long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
      assertThat(page)
          .as(type.getSimpleName())
          .contains(
              "`%016x` | `%s`".formatted(fingerprint, HexFormat.of().formatHex(header(schema))));
    }
  }

  @Test
  void fingerprints_ofTheNodeClients_areThoseOfTheSchemas() throws IOException {
    assertThat(Files.readString(DOCS.resolve("clients/produce.mjs")))
        .contains(HexFormat.of().formatHex(header(ImageFrame.getClassSchema())));
    assertThat(Files.readString(DOCS.resolve("clients/consume.mjs")))
        .contains(HexFormat.of().formatHex(header(Prediction.getClassSchema())));
  }

  @Test
  void clients_areShort() throws IOException {
    try (Stream<Path> files = Files.list(DOCS.resolve("clients"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().endsWith(".json")) {
          assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(25);
        }
      }
    }
  }

  private static byte[] header(Schema schema) {
    return ByteBuffer.allocate(10)
        .put((byte) 0xc3)
        .put((byte) 0x01)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(SchemaNormalization.parsingFingerprint64(schema))
        .array();
  }
}
