package io.boostnet.flink.budget;

import io.boostnet.flink.exit.Calibration;
import io.boostnet.flink.model.StageCost;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Evidence of a trained 4-exit network on CIFAR-100, from the reference files. */
final class ReferenceEvidence {

  /** Multiply-accumulate operations of that network, up to each exit. */
  static final StageCost COST =
      StageCost.ofCumulative(6_817_380, 11_374_280, 15_938_860, 19_852_688);

  private static final ByteBuffer FILE =
      ByteBuffer.wrap(read("evidence-cifar100-n4-c8-g4.safetensors"))
          .order(ByteOrder.LITTLE_ENDIAN);

  private ReferenceEvidence() {}

  /** 5,000 images. */
  static Calibration validation() {
    return evidence("validation");
  }

  /** 10,000 images. */
  static Calibration test() {
    return evidence("test");
  }

  static byte[] read(String name) {
    try (InputStream in = ReferenceEvidence.class.getResourceAsStream("/reference/" + name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Calibration evidence(String split) {
    ByteBuffer confidence = tensor(split + ".confidence");
    float[] values = new float[confidence.remaining() / Float.BYTES];
    confidence.asFloatBuffer().get(values);
    return Calibration.of(ints(split + ".label"), values, ints(split + ".predicted"));
  }

  private static int[] ints(String name) {
    ByteBuffer tensor = tensor(name);
    int[] values = new int[tensor.remaining() / Integer.BYTES];
    tensor.asIntBuffer().get(values);
    return values;
  }

  /** safetensors: the length of a JSON header, the header, then the tensors' bytes. */
  private static ByteBuffer tensor(String name) {
    int header = (int) FILE.getLong(0);
    String json = new String(FILE.array(), Long.BYTES, header, StandardCharsets.UTF_8);
    Matcher offsets =
        Pattern.compile(
                "\""
                    + Pattern.quote(name)
                    + "\":\\s*\\{[^}]*\"data_offsets\":\\s*\\[(\\d+),\\s*(\\d+)]")
            .matcher(json);
    if (!offsets.find()) {
      throw new IllegalArgumentException("no tensor " + name + " in " + json);
    }
    int from = Integer.parseInt(offsets.group(1));
    int to = Integer.parseInt(offsets.group(2));
    return FILE.slice(Long.BYTES + header + from, to - from).order(ByteOrder.LITTLE_ENDIAN);
  }
}
