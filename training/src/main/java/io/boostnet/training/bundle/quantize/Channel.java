package io.boostnet.training.bundle.quantize;

/**
 * One channel of a value of the network.
 *
 * @param value number of the value that an operation makes; never a concatenation, whose channels
 *     are those of its inputs
 * @param index channel of that value, from 0
 */
record Channel(int value, int index) {}
