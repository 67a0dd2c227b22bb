/** Files that commands read and write: frames, evidence, JSON reports, plots. */
package io.boostnet.jobs.files;
