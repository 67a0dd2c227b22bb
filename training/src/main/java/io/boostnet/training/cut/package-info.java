/**
 * Bundles of networks that others trained: an early-exit network cut at its exits. {@link
 * io.boostnet.training.cut.CutCommand} says what is taken.
 */
package io.boostnet.training.cut;
