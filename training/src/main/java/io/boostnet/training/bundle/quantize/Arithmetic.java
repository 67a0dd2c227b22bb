package io.boostnet.training.bundle.quantize;

import io.boostnet.training.bundle.quantize.Packed.Layout;

/** How a stage's model computes: one instance per model, used once by one thread. */
interface Arithmetic {

  /** The layout in which convolutions read and write, and in which maps leave the stage. */
  Layout layout();

  /** What 1 in a tensor of the model stands for in a channel. */
  double unit(Channel channel);

  /** A convolution writes at least so many slots. */
  int leastSlots();

  /**
   * Convolution and ReLU.
   *
   * @param input in {@link #layout()}, or the images
   * @param output where the result goes; its layout may turn out to be another
   * @return the result
   */
  Packed convolution(Packed input, FoldedKernel kernel, Packed output);

  /** The tensor in {@link #layout()}. */
  Packed stored(Packed tensor);

  /** The tensor in 32-bit floats, channels first. */
  Packed floats(Packed tensor);

  /** Name of a tensor of 32-bit floats, {@code [batch, elements]}, in the order of the layout. */
  String flat(Packed tensor);
}
