package io.boostnet.flink.model;

import org.apache.flink.annotation.Internal;

/**
 * What goes along the chain of stages: a frame that is still in flight, or, past all stages behind
 * the one where it left, what became of it.
 */
@Internal
public sealed interface ChainElement permits InFlightSample, Outcome {}
