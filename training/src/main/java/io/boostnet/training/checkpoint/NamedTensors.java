package io.boostnet.training.checkpoint;

import io.boostnet.training.input.BadInputException;
import io.boostnet.training.network.Parameter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tensors by name: the weights of a network. Immutable; safe for any number of threads.
 *
 * <p>Files come from elsewhere and are not trusted: they are read within limits, run nothing, and
 * whatever is not plain tensors is refused with a {@link BadInputException}.
 *
 * @param tensors the tensors, in the file's order
 */
public record NamedTensors(Map<String, Tensor> tensors) {

  /**
   * Tensors of one file in all: 1 GB of floats, four times the largest published early-exit
   * network.
   */
  static final long MAX_ELEMENTS = 1L << 28;

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final int NAMED_IN_MESSAGE = 3;

  public NamedTensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Reads a safetensors file, or a PyTorch checkpoint as {@code torch.save} has written it since
   * version 1.6 ({@code .pth}): a state_dict, or a dictionary that holds one under {@code
   * state_dict} or {@code model}. The prefix {@code module.} of DataParallel is taken off.
   */
  public static NamedTensors read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw BadInputException.of("There is no checkpoint at %s: no such file.", file);
    }
    try {
      byte[] start;
      try (InputStream in = Files.newInputStream(file)) {
        start = in.readNBytes(ZIP.length);
      }
      return Arrays.equals(start, ZIP) ? TorchCheckpoint.read(file) : SafeTensors.read(file);
    } catch (IOException e) {
      throw new BadInputException(
          "The checkpoint " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes a safetensors file that appears under its name only when it is whole. */
  public void write(Path file) throws IOException {
    SafeTensors.write(this, file);
  }

  /** The tensor of this name. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw BadInputException.of("There is no tensor %s.", name);
    }
    return tensor;
  }

  /** The elements of the tensor of this name. */
  public float[] values(String name) {
    return get(name).values();
  }

  /**
   * Exactly the tensors that a network has, in its order.
   *
   * @param parameters what the network has
   * @param ignored names that may be there and are left out
   * @throws BadInputException if a tensor is missing, has another shape, or belongs to no
   *     parameter; the message names them
   */
  public NamedTensors matching(List<Parameter> parameters, Collection<String> ignored) {
    Map<String, Tensor> matched = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    List<String> misshapen = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Tensor tensor = tensors.get(parameter.name());
      if (tensor == null) {
        missing.add(parameter.name());
      } else if (!tensor.shape().equals(parameter.shape())) {
        misshapen.add(
            parameter.name()
                + " is "
                + Tensor.describe(tensor.shape())
                + " and should be "
                + Tensor.describe(parameter.shape()));
      } else {
        matched.put(parameter.name(), tensor);
      }
    }
    Set<String> surplus = new LinkedHashSet<>(tensors.keySet());
    parameters.forEach(parameter -> surplus.remove(parameter.name()));
    surplus.removeAll(ignored);
    if (!missing.isEmpty() || !misshapen.isEmpty() || !surplus.isEmpty()) {
      throw BadInputException.of(
          "The checkpoint does not fit the network; check the architecture's arguments.%s%s%s",
          named("Missing", missing),
          named("Of another shape", misshapen),
          named("Surplus", surplus));
    }
    return new NamedTensors(matched);
  }

  private static String named(String what, Collection<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String first = String.join("; ", names.stream().limit(NAMED_IN_MESSAGE).toList());
    int more = names.size() - NAMED_IN_MESSAGE;
    return " " + what + ": " + first + (more > 0 ? " and " + more + " more" : "") + ".";
  }
}
