/** What commands share on a terminal: options and progress. */
package io.boostnet.jobs.cli;
