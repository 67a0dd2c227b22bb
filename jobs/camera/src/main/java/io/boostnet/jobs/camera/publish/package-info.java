/** Frames of many cameras to Kafka: live ones never wait, files never lose a frame. */
package io.boostnet.jobs.camera.publish;
