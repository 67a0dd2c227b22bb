package io.boostnet.jobs.bench;

/**
 * A contender that reads a topic which was filled before, and writes another; both on a broker in a
 * process of its own, so that the processor time is the job's. The clock runs from the first tenth
 * of the results to the last.
 */
abstract class KafkaContender implements Contender {

  private static final long POLL_MILLIS = 100;

  private final String name;
  private final Topics topics;

  KafkaContender(String name, Topics topics) {
    this.name = name;
    this.topics = topics;
  }

  final Topics topics() {
    return topics;
  }

  @Override
  public final String name() {
    return name;
  }

  /** Starts the job; its results go to a topic. */
  abstract RunningJob start(String output) throws Exception;

  /** What a result says of its image. */
  abstract Classified classified(byte[] result);

  @Override
  public final Measurement run(long warmUp, long images) throws Exception {
    String output = topics.create("results");
    Usage begin;
    Usage end;
    long measured;
    try (RunningJob job = start(output)) {
      long first = topics.await(output, warmUp, POLL_MILLIS, job::isAlive);
      begin = Usage.now();
      measured = topics.await(output, first + images, POLL_MILLIS, job::isAlive) - first;
      end = Usage.now();
    }
    Classified.Sums all = new Classified.Sums();
    topics.forEach(output, result -> all.add(classified(result)));
    return begin.until(end, measured, all.accuracy(), all.meanCost());
  }
}
