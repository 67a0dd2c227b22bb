package io.boostnet.training.train;

import java.util.List;

/**
 * What an epoch gave: one line of {@code metrics.jsonl}. Lists have an entry per exit; accuracies
 * are 0..1.
 *
 * @param epoch from 1
 * @param learningRate of its last step
 * @param trainLoss mean cross entropy while training, augmented images
 * @param trainAccuracy while training
 * @param validationLoss on the validation images after the epoch; empty without validation images
 * @param validationAccuracy likewise
 * @param imagesPerSecond training speed, checkpoints and validation left out; of the part since the
 *     last start if the epoch was interrupted
 */
public record EpochMetrics(
    int epoch,
    double learningRate,
    List<Double> trainLoss,
    List<Double> trainAccuracy,
    List<Double> validationLoss,
    List<Double> validationAccuracy,
    double imagesPerSecond) {}
