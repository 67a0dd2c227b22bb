/** Entry point of the library: wires the stages of a model bundle into a Flink job. */
package io.boostnet.flink;
