package io.boostnet.training.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: eight bytes of header length, a JSON header with type, shape and byte
 * range of every tensor, then the bytes, all little-endian.
 */
final class SafeTensors {

  private static final String METADATA = "__metadata__";
  private static final int MAX_HEADER_BYTES = 100_000_000;
  private static final int MAX_DIMENSIONS = 8;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private SafeTensors() {}

  static NamedTensors read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long headerBytes = channel.size() < 8 ? -1 : bytes(channel, file, 0, 8).getLong(0);
      if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES || headerBytes > channel.size() - 8) {
        throw BadInputException.of(
            "%s is neither a safetensors file nor a .pth of torch.save (version 1.6 or later), or it is truncated.",
            file);
      }
      JsonNode header = JSON.readTree(bytes(channel, file, 8, (int) headerBytes).array());
      if (!header.isObject()) {
        throw BadInputException.of("%s has no tensors in its safetensors header.", file);
      }
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      long elements = 0;
      for (Map.Entry<String, JsonNode> entry : header.properties()) {
        if (!entry.getKey().equals(METADATA)) {
          Tensor tensor =
              tensor(channel, file, 8 + headerBytes, entry.getKey(), entry.getValue(), elements);
          tensors.put(entry.getKey(), tensor);
          elements += tensor.values().length;
        }
      }
      return new NamedTensors(tensors);
    } catch (JsonProcessingException e) {
      throw new BadInputException(
          file + " has a damaged safetensors header: " + e.getOriginalMessage(), e);
    }
  }

  private static Tensor tensor(
      FileChannel channel,
      Path file,
      long dataStart,
      String name,
      JsonNode entry,
      long elementsBefore)
      throws IOException {
    ElementFormat format;
    try {
      format = ElementFormat.valueOf(entry.path("dtype").asText());
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "Tensor "
              + name
              + " in "
              + file
              + " has the type "
              + entry.path("dtype")
              + ", which is not read.",
          e);
    }
    List<Long> shape = new ArrayList<>();
    entry.path("shape").forEach(size -> shape.add(size.canConvertToLong() ? size.longValue() : -1));
    long begin = entry.path("data_offsets").path(0).asLong(-1);
    long end = entry.path("data_offsets").path(1).asLong(-1);
    if (shape.size() > MAX_DIMENSIONS
        || shape.stream().anyMatch(size -> size < 0 || size > NamedTensors.MAX_ELEMENTS)
        || begin < 0
        || end < begin
        || end > channel.size() - dataStart
        || end - begin > Integer.MAX_VALUE - 8
        || end - begin
            != shape.stream().reduce((long) format.size(), SafeTensors::boundedProduct)) {
      throw BadInputException.of(
          "Tensor %s in %s does not fit its bytes or lies outside of the file: the file is damaged or truncated.",
          name, file);
    }
    int count = (int) ((end - begin) / format.size());
    if (elementsBefore + count > NamedTensors.MAX_ELEMENTS) {
      throw BadInputException.of(
          "%s holds more than %,d numbers.", file, NamedTensors.MAX_ELEMENTS);
    }
    ByteBuffer bytes = bytes(channel, file, dataStart + begin, (int) (end - begin));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = format.read(bytes, i);
    }
    return new Tensor(shape, values);
  }

  /** Saturates far above any file instead of wrapping round. */
  private static long boundedProduct(long a, long b) {
    return b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private static ByteBuffer bytes(FileChannel channel, Path file, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw BadInputException.of("%s is truncated.", file);
      }
    }
    return buffer.flip();
  }

  static void write(NamedTensors tensors, Path file) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.tensors().entrySet()) {
      long end = offset + 4L * entry.getValue().values().length;
      ObjectNode description = header.putObject(entry.getKey()).put("dtype", "F32");
      entry.getValue().shape().forEach(description.putArray("shape")::add);
      description.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    // The specification wants the data on a multiple of eight bytes; JSON may end in blanks.
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head =
        ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeAll(channel, head.flip());
      for (Tensor tensor : tensors.tensors().values()) {
        ByteBuffer data =
            ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(tensor.values());
        writeAll(channel, data);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
