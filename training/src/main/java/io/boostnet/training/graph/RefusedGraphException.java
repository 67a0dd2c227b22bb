package io.boostnet.training.graph;

import ai.onnxruntime.OrtException;

/** ONNX Runtime does not load or run a graph; the message is its own. */
final class RefusedGraphException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int images;

  RefusedGraphException(int images, OrtException cause) {
    super(firstSentence(cause.getMessage()), cause);
    this.images = images;
  }

  /** Number of images it was run with. */
  int images() {
    return images;
  }

  private static String firstSentence(String message) {
    String line = message.lines().findFirst().orElse("no reason given").strip();
    return line.length() > 400 ? line.substring(0, 400) + " ..." : line;
  }
}
