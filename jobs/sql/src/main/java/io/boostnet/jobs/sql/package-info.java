/** The chain of the Kafka job as a table of Flink SQL, and its network as a model. */
package io.boostnet.jobs.sql;
