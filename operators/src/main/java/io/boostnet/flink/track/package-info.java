/** Frames of one track: what they say together, and which of them need not be run. */
package io.boostnet.flink.track;
