package io.boostnet.jobs.sql;

import io.boostnet.flink.LocalCascade;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.budget.Quota;
import io.boostnet.flink.exit.TopClasses;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.options.MicroBatching;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Images in, at most a micro-batch at a time, and for each what a cascade says of it or why nothing
 * can be said. Thresholds and quotas are those of its start; the quotas hold for the images that it
 * is given. Runs on the calling thread alone; {@link #close()} frees sessions and native memory.
 */
final class ImageClassifier implements AutoCloseable {

  private final LocalCascade<byte[]> cascade;
  private final ControlState control;
  private final int exits;
  private final int classes;
  private final int topK;
  private final double[] cost;
  private final List<Quota> quotas = new ArrayList<>();

  /**
   * Opens the stages of a bundle.
   *
   * @param bundle the form that serves
   * @param unit what costs count in
   * @param control thresholds and quotas
   * @param topK how many of the most probable classes are told, at least 1
   * @param batching images of a call, at most {@code most}
   * @param most images that there can be at a time, at least 1
   * @throws IOException where a stage cannot be read
   * @throws InferenceException where a stage cannot be loaded on the device
   */
  ImageClassifier(
      ModelBundle bundle,
      CostUnit unit,
      Device device,
      ControlState control,
      int topK,
      MicroBatching batching,
      int most)
      throws IOException, InferenceException {
    this.control = control;
    this.topK = topK;
    this.exits = bundle.cascade().exits();
    this.classes = bundle.cascade().classes();
    this.cost = bundle.cascade().cost(unit).toArray();
    for (int exit = 1; exit < exits; exit++) {
      quotas.add(new Quota(control.quotas(), exit));
    }
    this.cascade = new LocalCascade<>(bundle, device, new Bytes(), batching, most);
  }

  /** Most images of a call. */
  int capacity() {
    return cascade.capacity();
  }

  /**
   * Classifies images.
   *
   * @param images encoded images, at most as many as the capacity; null for none
   * @return one for each, in their order
   * @throws InferenceException as {@link LocalCascade#classify}
   */
  LocalPrediction[] classify(List<byte[]> images) throws InferenceException {
    LocalPrediction[] predictions = new LocalPrediction[images.size()];
    cascade.classify(
        images,
        new LocalCascade.Judge() {
          @Override
          public boolean goesOn(LocalCascade.Said said) {
            double threshold = control.thresholds().at(said.exit());
            float confidence = said.confidence().value();
            if (said.exit() < exits
                && quotas.get(said.exit() - 1).continues(confidence, threshold)) {
              return true;
            }
            predictions[said.index()] = prediction(said, confidence < threshold);
            return false;
          }

          @Override
          public void rejected(int index, Rejection why) {
            predictions[index] = LocalPrediction.failed(why.reason() + ": " + why.detail());
          }
        });
    return predictions;
  }

  private LocalPrediction prediction(LocalCascade.Said said, boolean forced) {
    return new LocalPrediction(
        said.confidence(),
        said.exit(),
        cost[said.exit() - 1],
        forced,
        topK == 1 ? List.of() : TopClasses.of(said.logits(), said.row(), classes, topK),
        null);
  }

  @Override
  public void close() {
    cascade.close();
  }

  /** An image that comes without anything else. */
  private static final class Bytes implements FrameDecoder<byte[]> {
    private static final long serialVersionUID = 1;
    private static final byte[] NOTHING = {};

    @Override
    public EncodedFrame decode(byte[] image) throws RejectedFrameException {
      Frame frame =
          new Frame("", 0, 0, Frame.UNLABELLED, Origin.elsewhere(image == null ? NOTHING : image));
      if (image == null) {
        throw new RejectedFrameException(
            new Rejection(
                frame, Rejection.Reason.UNREADABLE_RECORD, Rejection.READ, "the image is NULL"));
      }
      return EncodedFrame.of(frame, "", image);
    }
  }
}
