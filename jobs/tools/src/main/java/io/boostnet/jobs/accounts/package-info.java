/** What was published, and what became of it. */
package io.boostnet.jobs.accounts;
