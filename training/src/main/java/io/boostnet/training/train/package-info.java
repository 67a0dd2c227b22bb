/**
 * Training runs: schedules, augmentation, the trainer that survives being killed, and what it
 * leaves behind in a run folder.
 */
package io.boostnet.training.train;
