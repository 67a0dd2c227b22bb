/** One run of the Kafka job on an embedded broker, every frame accounted for: demo and trials. */
package io.boostnet.jobs.run;
