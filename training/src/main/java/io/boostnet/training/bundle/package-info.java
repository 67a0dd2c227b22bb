/**
 * Model bundles: one ONNX model per stage, the manifest, and the evidence measured with them.
 *
 * <p>{@link io.boostnet.training.bundle.BundleWriter} writes a bundle from {@link
 * io.boostnet.training.bundle.BundleContent}; the commands {@code import} and {@code export} fill
 * that from an official checkpoint and from one of the trainer's.
 */
package io.boostnet.training.bundle;
