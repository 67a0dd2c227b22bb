/**
 * The network, described once: a list of plain nodes that training runs on libtorch and export
 * turns into ONNX.
 *
 * <p>{@link io.boostnet.training.network.Architecture} reads the arguments of the official scripts
 * and builds a {@link io.boostnet.training.network.Network}; {@link
 * io.boostnet.training.network.Stage#cut} cuts it at its exits. Nothing here depends on a tensor
 * library.
 */
package io.boostnet.training.network;
