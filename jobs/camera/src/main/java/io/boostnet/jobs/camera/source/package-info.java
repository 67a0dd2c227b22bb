/** Cameras and files as a source of a Flink job, without a process or a topic between. */
package io.boostnet.jobs.camera.source;
