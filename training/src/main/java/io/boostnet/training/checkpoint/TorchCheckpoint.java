package io.boostnet.training.checkpoint;

import io.boostnet.training.checkpoint.StoredTensor.Storage;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A checkpoint as {@code torch.save} writes it: a zip archive of a pickle, {@code data.pkl}, and
 * one uncompressed file of elements for each storage.
 */
final class TorchCheckpoint {

  private static final String PICKLE = "/data.pkl";
  private static final long MAX_PICKLE_BYTES = 64L << 20;

  /** Where a state_dict is looked for, the innermost first. */
  private static final List<List<String>> PLACES =
      List.of(List.of("state_dict", "model"), List.of("state_dict"), List.of("model"), List.of());

  private static final String PARALLEL_PREFIX = "module.";

  private final ZipFile zip;
  private final String root;
  private final Map<String, ByteBuffer> storages = new HashMap<>();

  private TorchCheckpoint(ZipFile zip, String root) {
    this.zip = zip;
    this.root = root;
  }

  static NamedTensors read(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      String pickle =
          zip.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(PICKLE))
              .findFirst()
              .orElseThrow(
                  () -> new IOException("it is a zip archive without data.pkl, not of torch.save"));
      String root = pickle.substring(0, pickle.length() - PICKLE.length());
      return new TorchCheckpoint(zip, root).tensors();
    } catch (BadInputException e) {
      throw new BadInputException(
          "The checkpoint " + file + " is refused: " + e.getMessage() + ".", e);
    }
  }

  private NamedTensors tensors() throws IOException {
    requireLittleEndian();
    Map<String, StoredTensor> state =
        stateDict(TorchUnpickler.read(entry("data.pkl", MAX_PICKLE_BYTES)));
    boolean parallel = state.keySet().stream().allMatch(name -> name.startsWith(PARALLEL_PREFIX));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long elements = 0;
    for (Map.Entry<String, StoredTensor> entry : state.entrySet()) {
      elements += entry.getValue().elements();
      if (elements > NamedTensors.MAX_ELEMENTS) {
        throw BadInputException.of("it holds more than %,d numbers", NamedTensors.MAX_ELEMENTS);
      }
      String name = parallel ? entry.getKey().substring(PARALLEL_PREFIX.length()) : entry.getKey();
      tensors.put(name, entry.getValue().read(storage(entry.getValue().storage())));
    }
    return new NamedTensors(tensors);
  }

  private void requireLittleEndian() throws IOException {
    if (zip.getEntry(root + "/byteorder") != null) {
      String order = new String(entry("byteorder", 16), StandardCharsets.US_ASCII).trim();
      if (!order.equals("little")) {
        throw BadInputException.of("its byte order is %s; only little is read", order);
      }
    }
  }

  /** The dictionary from names to tensors, wherever the checkpoint keeps it. */
  private static Map<String, StoredTensor> stateDict(Object checkpoint) {
    for (List<String> place : PLACES) {
      Object found = checkpoint;
      for (String key : place) {
        found = found instanceof Map<?, ?> map ? map.get(key) : null;
      }
      if (found instanceof Map<?, ?> map
          && !map.isEmpty()
          && map.values().stream().allMatch(StoredTensor.class::isInstance)) {
        Map<String, StoredTensor> state = new LinkedHashMap<>();
        map.forEach((name, tensor) -> state.put(String.valueOf(name), (StoredTensor) tensor));
        return state;
      }
    }
    throw BadInputException.of(
        "it has no state_dict: neither at the top nor under state_dict or model is a dictionary of tensors");
  }

  private ByteBuffer storage(Storage storage) throws IOException {
    ByteBuffer bytes = storages.get(storage.key());
    if (bytes == null) {
      long limit = NamedTensors.MAX_ELEMENTS * storage.format().size();
      bytes =
          ByteBuffer.wrap(entry("data/" + storage.key(), Math.min(limit, Integer.MAX_VALUE - 8)))
              .order(ByteOrder.LITTLE_ENDIAN);
      storages.put(storage.key(), bytes);
    }
    if (bytes.capacity() / storage.format().size() != storage.elements()) {
      throw BadInputException.of(
          "storage %s should have %,d elements and has %,d bytes: it is damaged",
          storage.key(), storage.elements(), bytes.capacity());
    }
    return bytes;
  }

  private byte[] entry(String name, long maxBytes) throws IOException {
    ZipEntry entry = zip.getEntry(root + "/" + name);
    if (entry == null) {
      throw BadInputException.of("its file %s is missing", name);
    }
    // torch.save does not compress: what is compressed could be a small file that expands.
    if (entry.getMethod() != ZipEntry.STORED || entry.getSize() > maxBytes) {
      throw BadInputException.of(
          "its file %s is compressed or has more than %,d bytes", name, maxBytes);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      if (bytes.length != entry.getSize()) {
        throw BadInputException.of("its file %s is truncated", name);
      }
      return bytes;
    }
  }
}
