/**
 * Data sets: labelled images of any understood layout, cut into train, validation and test by a
 * seed.
 *
 * <p>{@link io.boostnet.training.data.DataSets#open} gives {@link
 * io.boostnet.training.data.DataSplits} of {@link io.boostnet.training.data.LabelledImages}; {@link
 * io.boostnet.training.data.InputFormat} turns an image into the network's input tensor.
 */
package io.boostnet.training.data;
