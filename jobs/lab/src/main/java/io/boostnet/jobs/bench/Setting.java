package io.boostnet.jobs.bench;

import io.boostnet.flink.exit.Evidence;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.evaluate.OfflineCascade;

/**
 * What all sections work with.
 *
 * @param work frames, bundle, and thresholds of the early exit
 * @param topics the topics
 * @param framesTopic a topic with encoded frames, more than a run takes
 * @param rounds times that every row runs
 * @param images images per row and round, after the warm-up
 * @param seconds length of every load of the latency section
 */
record Setting(
    Workload work, Topics topics, String framesTopic, int rounds, long images, int seconds) {

  static final String BARE = "bare loop in the same micro-batches, early exit (limit)";
  static final String SINGLY = "bare ONNX Runtime loop, image by image, early exit";
  static final String CHAIN = "operator chain, in memory, early exit";
  static final String KAFKA = "Kafka job, Kafka to Kafka, early exit";

  /** The same with another number of images. */
  Setting withImages(long other) {
    return new Setting(work, topics, framesTopic, rounds, other, seconds);
  }

  Contender bareLoop() throws Exception {
    return new MicroBatchLoop(BARE, work);
  }

  Contender loopByImage() throws Exception {
    return new BareLoop(SINGLY, work);
  }

  Contender chain() {
    return new ChainContender(CHAIN, work, MicroBatching.auto());
  }

  Contender kafkaJob() {
    return new ServeContender(KAFKA, work, topics, framesTopic);
  }

  /** What every exit says of the frames. */
  Evidence evidenceOfFrames() throws Exception {
    return OfflineCascade.evidence(work.bundle(), Device.CPU, work.frames());
  }
}
