/** Stages run by ONNX Runtime: the only user of its Java API. */
package io.boostnet.flink.inference.onnx;
