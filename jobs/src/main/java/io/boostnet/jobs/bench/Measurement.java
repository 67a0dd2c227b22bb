package io.boostnet.jobs.bench;

/**
 * What a contender did after its warm-up.
 *
 * @param images images classified
 * @param seconds time from the end of the warm-up to the last image, in seconds
 * @param cpuSeconds processor time of the whole process in that span, in seconds
 * @param correct images of {@code images} whose class was right
 */
record Measurement(long images, double seconds, double cpuSeconds, long correct) {

  double imagesPerSecond() {
    return images / seconds;
  }

  double cpuSecondsPerThousand() {
    return 1000 * cpuSeconds / images;
  }

  double accuracy() {
    return (double) correct / images;
  }
}
