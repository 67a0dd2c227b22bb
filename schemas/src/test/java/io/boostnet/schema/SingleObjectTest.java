package io.boostnet.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SingleObjectTest {

  /** Avro's own decoder reads the first record and says nothing of the second. */
  @ParameterizedTest
  @ValueSource(classes = {ImageFrame.class, Prediction.class, DeadLetter.class, ControlEvent.class})
  <T extends SpecificRecord> void decode_recordBehindARecord_isRefused(Class<T> type)
      throws IOException {
    byte[] one = recorded(type);
    byte[] two = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(one, 0, two, one.length, one.length);
    byte[] oneAndAByte = Arrays.copyOf(one, one.length + 1);

    assertThat(SingleObject.decoder(type).decode(one)).isInstanceOf(type);
    for (byte[] more : new byte[][] {two, oneAndAByte}) {
      assertThatThrownBy(() -> SingleObject.decoder(type).decode(more))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("bytes");
    }
  }

  private static byte[] recorded(Class<?> type) throws IOException {
    String file = "/released/0.1.0/" + type.getSimpleName() + ".bin";
    try (InputStream in = SingleObjectTest.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }
}
