/**
 * Runs a {@link io.boostnet.training.network.Network} on libtorch through DJL: forward, gradients
 * and the optimiser. The only package that touches tensors of libtorch.
 */
package io.boostnet.training.torch;
