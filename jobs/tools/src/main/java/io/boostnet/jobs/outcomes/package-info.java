/** Reads the topics of a deployment: what was published, and what became of it. */
package io.boostnet.jobs.outcomes;
