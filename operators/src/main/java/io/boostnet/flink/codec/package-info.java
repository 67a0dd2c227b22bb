/** From bytes to values and back: bundles, images and Avro records. */
package io.boostnet.flink.codec;
