package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {

  @TempDir Path directory;

  @Test
  void frame_isWrittenAsAnOlderCheckoutReadsIt() throws Exception {
    List<Schema.Field> today = ImageFrame.getClassSchema().getFields();
    Schema older = frames(today.subList(0, today.size() - 1));
    ImageFrame frame = Frames.noise("camera", 7);

    byte[] record = new Checkout(directory, null, older, null).frameEncoder().apply(frame);

    GenericRecord read =
        new BinaryMessageDecoder<GenericRecord>(GenericData.get(), older)
            .decode(ByteBuffer.wrap(record));
    assertThat(read.get("sourceId")).hasToString("camera");
    assertThat(read.get("sequence")).isEqualTo(7L);
    assertThat(read.get("image")).isEqualTo(frame.getImage());
  }

  @Test
  void frameWithFieldsOfItsOwn_isRefused() {
    List<Schema.Field> today = ImageFrame.getClassSchema().getFields();
    Checkout other = new Checkout(directory, null, frames(today.subList(1, today.size())), null);
    assertThatThrownBy(other::frameEncoder)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("that this build does not write");
  }

  @Test
  void directoryWithoutALauncher_isRefused() {
    assertThatThrownBy(() -> Checkout.launcher(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("give a checkout of this project");
  }

  private static Schema frames(List<Schema.Field> fields) {
    return Schema.createRecord(
        "ImageFrame",
        null,
        "io.boostnet.schema",
        false,
        fields.stream().map(field -> new Schema.Field(field, field.schema())).toList());
  }
}
