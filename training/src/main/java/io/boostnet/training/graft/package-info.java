/**
 * Early exits for a network that has none: heads that learn on its frozen features, each what the
 * ensemble before it got wrong. {@link io.boostnet.training.graft.GraftCommand} is the command;
 * {@code Grafter} the way from features to stages.
 */
package io.boostnet.training.graft;
