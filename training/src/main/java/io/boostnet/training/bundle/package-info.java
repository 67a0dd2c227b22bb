/**
 * Model bundles: one ONNX model per stage, the manifest, and the evidence measured with them.
 *
 * <p>The commands {@link io.boostnet.training.bundle.ExportCommand} and {@link
 * io.boostnet.training.bundle.ImportCommand} say what a bundle is made from; {@code StageExport}
 * turns it into ONNX, {@code Evidence} measures that, and {@code BundleWriter} writes it all.
 */
package io.boostnet.training.bundle;
