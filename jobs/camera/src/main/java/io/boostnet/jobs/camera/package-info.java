/**
 * Cameras and video files as frames on Kafka: {@code boostnet camera}, its configuration, and what
 * it counts.
 */
package io.boostnet.jobs.camera;
