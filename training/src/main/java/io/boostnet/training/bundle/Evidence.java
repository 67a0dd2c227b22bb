package io.boostnet.training.bundle;

import io.boostnet.schema.ExitEvidence;
import io.boostnet.training.bundle.onnx.OnnxCascade;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.data.LabelledImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * What every exit says of labelled images.
 *
 * @param labels class of each image
 * @param confidence maximum softmax probability of the ensemble logits, {@code [image][exit]}, 0..1
 * @param predicted most probable class, {@code [image][exit]}
 */
public record Evidence(int[] labels, float[][] confidence, int[][] predicted) {

  /** Runs all images through all stages, in batches. */
  public static Evidence measure(
      OnnxCascade cascade,
      LabelledImages images,
      InputFormat format,
      int batchSize,
      IntConsumer progress) {
    int count = images.size();
    Evidence evidence =
        new Evidence(
            new int[count], new float[count][cascade.exits()], new int[count][cascade.exits()]);
    byte[] planes = new byte[format.size()];
    for (int start = 0; start < count; start += batchSize) {
      int batch = Math.min(batchSize, count - start);
      float[] input = new float[batch * format.size()];
      for (int i = 0; i < batch; i++) {
        evidence.labels[start + i] = images.label(start + i);
        images.readPlanes(start + i, format.resize(), planes, 0);
        format.normalise(planes, 0, input, i * format.size());
      }
      float[][] logits = cascade.logits(input, batch);
      for (int exit = 0; exit < logits.length; exit++) {
        for (int i = 0; i < batch; i++) {
          evidence.judge(start + i, exit, logits[exit], i * cascade.classes(), cascade.classes());
        }
      }
      progress.accept(start + batch);
    }
    return evidence;
  }

  private void judge(int image, int exit, float[] logits, int from, int classes) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[from + c] > logits[from + best]) {
        best = c;
      }
    }
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(logits[from + c] - logits[from + best]);
    }
    predicted[image][exit] = best;
    confidence[image][exit] = (float) (1 / sum);
  }

  /** The same where what the last exit says counts as right: for images without labels. */
  public Evidence labelledByLastExit() {
    int[] last = new int[images()];
    for (int image = 0; image < last.length; image++) {
      last[image] = predicted[image][exits() - 1];
    }
    return new Evidence(last, confidence, predicted);
  }

  /** Number of images. */
  public int images() {
    return labels.length;
  }

  /** Number of exits. */
  public int exits() {
    return images() == 0 ? 0 : confidence[0].length;
  }

  /** Whether an exit, from 0, is right about an image. */
  public boolean right(int image, int exit) {
    return predicted[image][exit] == labels[image];
  }

  /** Share of the images that an exit, from 0, is right about. */
  public double accuracy(int exit) {
    int right = 0;
    for (int image = 0; image < images(); image++) {
      right += right(image, exit) ? 1 : 0;
    }
    return (double) right / images();
  }

  /** Mean confidence of an exit, from 0. */
  public double meanConfidence(int exit) {
    double sum = 0;
    for (float[] image : confidence) {
      sum += image[exit];
    }
    return sum / images();
  }

  /** Writes a container file of {@link ExitEvidence}. */
  public void write(Path file) throws IOException {
    try (DataFileWriter<ExitEvidence> writer =
        new DataFileWriter<>(new SpecificDatumWriter<>(ExitEvidence.class))) {
      writer.setCodec(CodecFactory.deflateCodec(6));
      writer.create(ExitEvidence.getClassSchema(), file.toFile());
      for (int image = 0; image < images(); image++) {
        List<Float> confidences = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        for (int exit = 0; exit < exits(); exit++) {
          confidences.add(confidence[image][exit]);
          classes.add(predicted[image][exit]);
        }
        writer.append(new ExitEvidence(labels[image], confidences, classes));
      }
    }
  }
}
