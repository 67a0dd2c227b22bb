/**
 * What a Kafka record looks like: one class per format and direction. Those that read frames are
 * {@link io.boostnet.flink.model.FrameDecoder}s, for a library's own job too.
 */
package io.boostnet.jobs.format;
