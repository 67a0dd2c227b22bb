package io.boostnet.training.network;

import java.util.List;

/**
 * A named tensor of the network: a trained parameter or a running statistic of batch normalisation.
 *
 * @param name the official state_dict name, for instance {@code
 *     blocks.0.1.layers.0.conv_normal.net.0.weight}
 * @param shape sizes in PyTorch's order: {@code [out, in, kernel, kernel]} of a convolution, {@code
 *     [out, in]} of a linear layer, {@code [channels]} of everything else
 * @param role what the tensor is for
 */
public record Parameter(String name, List<Long> shape, Role role) {

  /** What a tensor is for. */
  public enum Role {
    CONV_WEIGHT,
    LINEAR_WEIGHT,
    BIAS,
    /** Factor of batch normalisation, gamma. */
    NORM_SCALE,
    /** Offset of batch normalisation, beta. */
    NORM_SHIFT,
    RUNNING_MEAN,
    RUNNING_VARIANCE
  }

  public Parameter {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long size() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  /** True of what the optimiser changes; false of the running statistics. */
  public boolean trained() {
    return role != Role.RUNNING_MEAN && role != Role.RUNNING_VARIANCE;
  }
}
