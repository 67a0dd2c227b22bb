package io.boostnet.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Records that an older release wrote still read; the bytes of every release are kept for that. */
class ReleasedSchemasTest {

  private static final List<Class<? extends SpecificRecord>> ON_KAFKA =
      List.of(
          ImageFrame.class, Prediction.class, DeadLetter.class, ControlEvent.class, Event.class);

  static Stream<Arguments> releasedRecords() {
    return SingleObject.RELEASES.stream()
        .flatMap(release -> ON_KAFKA.stream().map(type -> Arguments.of(release, type)));
  }

  static Stream<Class<? extends SpecificRecord>> recordsOnKafka() {
    return ON_KAFKA.stream();
  }

  private static byte[] recorded(String release, Class<?> type) throws IOException {
    String file = "/released/" + release + "/" + type.getSimpleName() + ".bin";
    try (InputStream in = ReleasedSchemasTest.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @MethodSource("releasedRecords")
  void releasedRecord_isReadByTheCurrentClass(String release, Class<? extends SpecificRecord> type)
      throws IOException {
    SpecificRecord record = SingleObject.decoder(type).decode(recorded(release, type));

    assertThat(record).isInstanceOf(type);
    for (Schema.Field field : SingleObject.released(release, type).getFields()) {
      Schema.Field now = record.getSchema().getField(field.name());
      assertThat(now).as("field %s of %s is kept", field.name(), type.getSimpleName()).isNotNull();
      if (now.schema().getType() == Schema.Type.STRING) {
        assertThat(record.get(now.pos())).as(field.name()).isEqualTo(field.name() + " as recorded");
      } else if (now.schema().getType() == Schema.Type.LONG) {
        assertThat(record.get(now.pos())).as(field.name()).isEqualTo(7_000_000_000L + field.pos());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("releasedRecords")
  void currentSchema_readsTheReleasedOne(String release, Class<? extends SpecificRecord> type) {
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(
                    SpecificData.get().getSchema(type), SingleObject.released(release, type))
                .getType())
        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
  }

  /** Fails when a schema was changed and its release was not recorded. */
  @ParameterizedTest
  @MethodSource("recordsOnKafka")
  void currentSchema_isThatOfTheNewestRelease(Class<? extends SpecificRecord> type) {
    String newest = SingleObject.RELEASES.get(SingleObject.RELEASES.size() - 1);
    assertThat(SchemaNormalization.toParsingForm(SpecificData.get().getSchema(type)))
        .isEqualTo(SchemaNormalization.toParsingForm(SingleObject.released(newest, type)));
  }

  @Test
  void everyField_isDocumented() {
    for (Class<?> type :
        List.of(
            ImageFrame.class,
            Prediction.class,
            DeadLetter.class,
            ControlEvent.class,
            Event.class,
            ExitEvidence.class,
            GoldenRow.class,
            GoldenSpec.class,
            ModelManifest.class,
            Architecture.class,
            Preprocessing.class,
            StageManifest.class,
            TensorSpec.class,
            Provenance.class)) {
      Schema schema = SpecificData.get().getSchema(type);
      assertThat(schema.getDoc()).as(type.getSimpleName()).isNotBlank();
      assertThat(schema.getFields())
          .allSatisfy(field -> assertThat(field.doc()).as("%s", field.name()).isNotBlank());
    }
  }

  @Test
  void recordOfAnUnknownSchema_isRefused() throws IOException {
    Schema other =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"Other\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}");
    GenericRecord record = new GenericData.Record(other);
    record.put("x", 1);
    ByteBuffer bytes =
        new BinaryMessageEncoder<GenericRecord>(GenericData.get(), other).encode(record);
    assertThatThrownBy(() -> SingleObject.decoder(ImageFrame.class).decode(bytes))
        .hasMessageContaining("fingerprint");
  }
}
