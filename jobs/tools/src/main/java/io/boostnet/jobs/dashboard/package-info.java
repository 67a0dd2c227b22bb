/**
 * The live page: what a deployment is doing, seen. It reads the topics alone, so that it serves any
 * job, and keeps the last minutes in memory.
 */
package io.boostnet.jobs.dashboard;
