/**
 * Weights by name, from safetensors files and PyTorch checkpoints.
 *
 * <p>{@link io.boostnet.training.checkpoint.NamedTensors} is all that the rest of the module sees.
 * Files are not trusted: sizes are checked before anything is allocated, and a pickle runs nothing.
 */
package io.boostnet.training.checkpoint;
