package io.boostnet.training.bundle;

import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.bundle.onnx.StageModel;
import io.boostnet.training.data.DataSplits;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/**
 * What stages say of the images of a data set.
 *
 * @param dataSet name of the test images
 * @param calibration evidence of the validation images
 * @param test evidence of the test images
 */
record Measurement(String dataSet, Evidence calibration, Evidence test) {

  private static final int BATCH_SIZE = 64;

  /**
   * Runs the validation and the test images through stages.
   *
   * @param threads threads of ONNX Runtime, 1 or more
   * @param showProgress whether to draw a progress bar on standard error
   */
  static Measurement of(
      List<StageModel> stages,
      InputFormat input,
      DataSplits data,
      int threads,
      boolean showProgress) {
    try (OnnxCascade cascade = new OnnxCascade(stages, threads)) {
      return new Measurement(
          data.test().name(),
          evidence(cascade, input, data.validation(), showProgress),
          evidence(cascade, input, data.test(), showProgress));
    }
  }

  private static Evidence evidence(
      OnnxCascade cascade, InputFormat input, LabelledImages images, boolean showProgress) {
    if (!showProgress) {
      return Evidence.measure(cascade, images, input, BATCH_SIZE, done -> {});
    }
    try (ProgressBar bar = new ProgressBar(images.name(), images.size())) {
      return Evidence.measure(cascade, images, input, BATCH_SIZE, bar::stepTo);
    }
  }

  Evaluation evaluation(List<Long> cumulativeMacs, List<Long> cumulativeParameters) {
    return Evaluation.of(dataSet, calibration, test, cumulativeMacs, cumulativeParameters);
  }
}
