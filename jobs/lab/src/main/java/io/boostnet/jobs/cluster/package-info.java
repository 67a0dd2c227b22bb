/** A Kafka broker and a Flink cluster in processes of their own on this machine. */
package io.boostnet.jobs.cluster;
