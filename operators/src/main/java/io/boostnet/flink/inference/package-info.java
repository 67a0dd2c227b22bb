/** The port to whatever runs a stage's network, and the micro-batches that it runs. */
package io.boostnet.flink.inference;
