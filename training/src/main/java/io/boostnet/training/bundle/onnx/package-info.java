/**
 * ONNX models: written node by node, and run one after the other. Knows nothing of networks and
 * bundles.
 */
package io.boostnet.training.bundle.onnx;
