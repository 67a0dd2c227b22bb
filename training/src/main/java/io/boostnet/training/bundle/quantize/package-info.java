/**
 * Stages in 8 bits. {@code Quantizer} is the way in.
 *
 * <p>The network's description and the weights of its stages in 32 bits become {@code Kernel}s,
 * whose inputs and outputs are named by channel, wherever those lie in memory. {@code Folding} says
 * how feature maps are laid out ({@code Packed}), {@code FoldedKernel} rewrites a kernel for that,
 * exactly, and {@code StageAssembly} makes the ONNX model, in the {@code Arithmetic} of 32-bit
 * floats, for the check and for the ranges, or of bytes.
 */
package io.boostnet.training.bundle.quantize;
