/** Parts of configurations that several commands share, and the complaint about a wrong one. */
package io.boostnet.jobs.config;
