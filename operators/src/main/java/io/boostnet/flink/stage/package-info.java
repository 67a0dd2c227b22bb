/** The Flink operators of the chain: decode, one operator per stage, and the common end. */
package io.boostnet.flink.stage;
