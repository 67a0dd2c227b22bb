package io.boostnet.flink.track;

import io.boostnet.flink.exit.Confidence;
import java.nio.FloatBuffer;
import org.apache.flink.annotation.PublicEvolving;

/**
 * What the frames of one track say together: a forward filter over the class of what is tracked,
 * which does not change, or seldom.
 *
 * <pre>
 *   p = softmax(z)                           of the frame's logits z
 *   l = log((1 - {@value #NOISE}) p + {@value #NOISE} / classes)
 *   s = log-softmax(l + {@value #PERSISTENCE} e)             e: the evidence of the frames before
 *   e = max(-{@value #DEEPEST}, s - max s)
 * </pre>
 *
 * where p is mixed with {@value #NOISE} of all classes alike, so that one frame never rules a class
 * out. A frame whose own class is not that of e, with p of at least {@value #CONTRADICTION},
 * contradicts: e is dropped, and s is l alone. Pure, and of no thread.
 */
@PublicEvolving
public final class TrackFilter {

  private static final double NOISE = 0.02;
  private static final double PERSISTENCE = 0.85;
  private static final double DEEPEST = 7;
  private static final double CONTRADICTION = 0.8;

  private TrackFilter() {}

  /**
   * What is known after a frame.
   *
   * @param logProbabilities log of the probability of each class; they may be read as logits
   * @param evidence what the next frame of the track is given
   */
  public record Step(float[] logProbabilities, float[] evidence) {

    /** The most probable class and its probability. */
    public Confidence confidence() {
      return Confidence.of(FloatBuffer.wrap(logProbabilities), 0, logProbabilities.length);
    }
  }

  /**
   * Takes a frame.
   *
   * @param evidence what the frame before left; null for the first of a track
   * @param logits ensemble logits of a batch, row after row, all finite
   * @param row the frame's row, from 0
   * @param classes classes, the length of a row
   */
  public static Step step(float[] evidence, FloatBuffer logits, int row, int classes) {
    Confidence own = Confidence.of(logits, row, classes);
    float[] sum = logProbabilities(logits, row * classes, classes);
    if (evidence != null && !contradicts(own, evidence)) {
      for (int i = 0; i < classes; i++) {
        sum[i] += (float) (PERSISTENCE * evidence[i]);
      }
    }
    normalize(sum);
    return new Step(sum, floored(sum));
  }

  private static boolean contradicts(Confidence own, float[] evidence) {
    return own.value() >= CONTRADICTION && evidence[own.label()] < 0;
  }

  private static float[] logProbabilities(FloatBuffer logits, int from, int classes) {
    float[] logs = new float[classes];
    for (int i = 0; i < classes; i++) {
      logs[i] = logits.get(from + i);
    }
    normalize(logs);
    for (int i = 0; i < classes; i++) {
      logs[i] = (float) Math.log((1 - NOISE) * Math.exp(logs[i]) + NOISE / classes);
    }
    return logs;
  }

  /** Log-softmax, in place. */
  private static void normalize(float[] logs) {
    double max = max(logs);
    double sum = 0;
    for (float log : logs) {
      sum += Math.exp(log - max);
    }
    double all = max + Math.log(sum);
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) (logs[i] - all);
    }
  }

  private static float[] floored(float[] logs) {
    double max = max(logs);
    float[] evidence = new float[logs.length];
    for (int i = 0; i < logs.length; i++) {
      evidence[i] = (float) Math.max(-DEEPEST, logs[i] - max);
    }
    return evidence;
  }

  private static double max(float[] values) {
    double max = values[0];
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}
