package io.boostnet.jobs.bench;

import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.options.Limits;
import io.boostnet.schema.ImageFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A contender without Flink: every thread takes image after image, decoded before the clock starts
 * where the loop does not decode it itself, through the stages of the workload with its exits.
 */
abstract class LoopContender implements Contender {

  private final String name;
  private final Workload work;
  private final List<ByteBuffer> images = new ArrayList<>();

  /** What the threads do. */
  interface Loop extends AutoCloseable {

    /** Classifies so many images from the first on; called by all threads at once. */
    Classified.Sums run(long first, long count) throws Exception;

    @Override
    void close() throws Exception;
  }

  LoopContender(String name, Workload work) throws Exception {
    this.name = name;
    this.work = work;
    try (SampleDecoder<ImageFrame> decoder = decoder()) {
      for (ImageFrame frame : work.frames()) {
        Features image = input();
        decoder.decode(frame, image);
        images.add(image.tensors()[0]);
      }
    }
  }

  /** A decoder of the frames, open; the caller closes it. */
  final SampleDecoder<ImageFrame> decoder() {
    SampleDecoder<ImageFrame> decoder =
        new FrameSamples<>(
            new ImageFrameDecoder(), work.bundle().cascade().preprocessing(), Limits.DEFAULT);
    decoder.open();
    return decoder;
  }

  /** Room for an image. */
  final Features input() {
    return Features.allocate(work.bundle().cascade().stages().get(0).inputs());
  }

  /** Loads the networks. */
  abstract Loop open() throws Exception;

  final Workload work() {
    return work;
  }

  /** The tensor of the image of a number; the images start over at their end. */
  final ByteBuffer image(long number) {
    return images.get(at(number));
  }

  final ImageFrame frame(long number) {
    return work.frames().get(at(number));
  }

  final int label(long number) {
    return frame(number).getLabel();
  }

  private int at(long number) {
    return (int) (number % images.size());
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Measurement run(long warmUp, long count) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(work.threads());
    try (Loop loop = open()) {
      all(threads, loop, warmUp);
      Usage start = Usage.now();
      Classified.Sums all = all(threads, loop, count);
      return start.until(Usage.now(), all.images(), all.accuracy(), all.meanCost());
    } finally {
      threads.shutdownNow();
    }
  }

  private Classified.Sums all(ExecutorService threads, Loop loop, long count) throws Exception {
    long share = count / work.threads();
    List<Future<Classified.Sums>> running = new ArrayList<>();
    for (int i = 0; i < work.threads(); i++) {
      long first = i * share;
      running.add(threads.submit(() -> loop.run(first, share)));
    }
    Classified.Sums sums = new Classified.Sums();
    for (Future<Classified.Sums> future : running) {
      sums.add(future.get());
    }
    return sums;
  }
}
