package io.boostnet.jobs.demo;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.serve.InferenceConfig;
import picocli.CommandLine.Option;

/** Options that say which frames inherit a decision, as {@code serve} has them. */
final class TrackOptions {

  private static final int SILENCE_MS = 10_000;

  @Option(
      names = "--track",
      description =
          "What names a frame's track, as inference.track: none, source or header:<name>. Default:"
              + " ${DEFAULT-VALUE}.")
  private String track = "none";

  @Option(
      names = "--track-skip",
      description =
          "Frames of a track that inherit once it is sure, as inference.trackSkip. Default:"
              + " ${DEFAULT-VALUE}.")
  private int skip = 0;

  @Option(
      names = "--unchanged",
      description =
          "Levels within which a frame is unchanged and inherits, as inference.unchanged. Default:"
              + " never.")
  private Double unchanged;

  /**
   * A configuration with them.
   *
   * @throws ConfigException where one cannot be used
   */
  InferenceConfig in(InferenceConfig inference) {
    try {
      InferenceConfig tracked = inference.withTracks(track, skip);
      return unchanged == null ? tracked : tracked.withUnchanged(unchanged, SILENCE_MS);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The demo cannot be set up: " + e.getMessage() + ".", e);
    }
  }
}
