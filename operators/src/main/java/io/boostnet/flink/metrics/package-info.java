/** The one home of metric names. */
package io.boostnet.flink.metrics;
