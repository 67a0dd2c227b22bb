/**
 * How much compute an image may cost, and the thresholds, quotas and feedback that keep it there.
 * Pure: no clock, thread, random source or I/O; time arrives in what was measured.
 */
package io.boostnet.flink.budget;
