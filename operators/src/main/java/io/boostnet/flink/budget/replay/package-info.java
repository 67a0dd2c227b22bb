/**
 * A pipeline under a budget controller, replayed on recorded evidence: no Flink, no clock, seconds
 * of computing for hours of stream. Randomness is handed in.
 */
package io.boostnet.flink.budget.replay;
