/**
 * ONNX graphs that other tools wrote: read, analysed by running them, adapted to what a bundle
 * serves, and cut into stages. Knows nothing of bundles.
 *
 * <p>{@link io.boostnet.training.graph.OnnxFile} reads a file, {@link
 * io.boostnet.training.graph.Classifier} finds out what it takes and gives and adapts it, {@link
 * io.boostnet.training.graph.Graph} is what is known of every value, {@link
 * io.boostnet.training.graph.StageSplit} cuts at the exits.
 */
package io.boostnet.training.graph;
