package io.boostnet.schema;

import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.message.BinaryMessageDecoder;

/** Records of the topics with damage anywhere: header, lengths, unions, text. */
class SingleObjectFuzzTest {

  private static final long MOST_BYTES = 4 << 20;

  private static final Map<Class<?>, BinaryMessageDecoder<?>> DECODERS =
      Map.of(
          ImageFrame.class, SingleObject.decoder(ImageFrame.class),
          Prediction.class, SingleObject.decoder(Prediction.class),
          DeadLetter.class, SingleObject.decoder(DeadLetter.class),
          ControlEvent.class, SingleObject.decoder(ControlEvent.class));

  @Fuzz
  void damagedRecord_isReadOrRefused(
      @ForAll("types") Class<?> type, @ForAll("edits") List<Edit> edits) throws IOException {
    byte[] damaged = Edit.apply(edits, recorded(type));
    Attempt.at(
        () -> DECODERS.get(type).decode(damaged),
        MOST_BYTES,
        Set.of(IOException.class, AvroRuntimeException.class));
  }

  @Provide
  Arbitrary<Class<?>> types() {
    return Arbitraries.of(DECODERS.keySet());
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  private static byte[] recorded(Class<?> type) throws IOException {
    String file = "/released/0.1.0/" + type.getSimpleName() + ".bin";
    try (InputStream in = SingleObjectFuzzTest.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    }
  }
}
