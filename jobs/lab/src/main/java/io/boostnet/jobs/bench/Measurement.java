package io.boostnet.jobs.bench;

/**
 * What a contender did after its warm-up.
 *
 * @param images images classified
 * @param seconds time from the end of the warm-up to the last image, in seconds
 * @param cpuSeconds processor time of the whole process in that span, in seconds
 * @param accuracy share of the images whose class was right
 * @param meanCost mean cost of an image, as a share of the full network's
 * @param allocatedBytes heap allocated in that span
 * @param gcSeconds time of garbage collections in that span, in seconds
 */
record Measurement(
    long images,
    double seconds,
    double cpuSeconds,
    double accuracy,
    double meanCost,
    long allocatedBytes,
    double gcSeconds) {

  double imagesPerSecond() {
    return images / seconds;
  }

  double imagesPerCpuSecond() {
    return images / cpuSeconds;
  }

  double cpuSecondsPerThousand() {
    return 1000 * cpuSeconds / images;
  }

  double accuracyPercent() {
    return 100 * accuracy;
  }

  double allocatedKilobytesPerImage() {
    return allocatedBytes / 1024.0 / images;
  }

  double gcPercent() {
    return 100 * gcSeconds / seconds;
  }
}
