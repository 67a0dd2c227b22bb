/**
 * Trials: the real Kafka job under a scenario, everything that comes out recorded and judged. What
 * the simulator of {@code replay} says in seconds, these show live.
 */
package io.boostnet.jobs.trial;
