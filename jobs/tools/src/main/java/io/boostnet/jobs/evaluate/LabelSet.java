package io.boostnet.jobs.evaluate;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The classes of a bundle beside those that a frame file's labels are of. Labels are indices, so
 * that two sets that do not fit give an accuracy that says nothing.
 */
final class LabelSet {

  private final List<String> ofBundle;
  private final List<String> ofFrames;
  private final Path frames;

  /**
   * @param ofFrames empty where the file does not say
   * @throws ConfigException where the two have not as many classes
   */
  LabelSet(List<String> ofBundle, List<String> ofFrames, Path frames) {
    this.ofBundle = ofBundle;
    this.ofFrames = ofFrames;
    this.frames = frames;
    if (!ofFrames.isEmpty() && ofFrames.size() != ofBundle.size()) {
      throw new ConfigException(
          "The labels of %s are of %d classes (%s ...), those of the bundle of %d (%s ...): they do not fit; give frames of the data that the bundle was made for."
              .formatted(
                  frames, ofFrames.size(), ofFrames.get(0), ofBundle.size(), ofBundle.get(0)));
    }
  }

  /** That classes with the same index have other names, in a sentence. */
  Optional<String> differences() {
    int[] others =
        IntStream.range(0, ofFrames.size())
            .filter(c -> !ofFrames.get(c).equals(ofBundle.get(c)))
            .toArray();
    if (others.length == 0) {
      return Optional.empty();
    }
    int first = others[0];
    return Optional.of(
        "%d of %d classes have other names in %s, class %d is '%s' there and '%s' in the bundle; they are compared by their index."
            .formatted(
                others.length,
                ofBundle.size(),
                frames,
                first,
                ofFrames.get(first),
                ofBundle.get(first)));
  }

  /**
   * Checks the label of a frame.
   *
   * @throws ConfigException where the bundle has no such class
   */
  void check(ImageFrame frame) {
    Integer label = frame.getLabel();
    if (label != null && (label < 0 || label >= ofBundle.size())) {
      throw new ConfigException(
          "Frame %d of %s in %s has the label %d, the bundle has %d classes: they do not fit; give frames of the data that the bundle was made for."
              .formatted(frame.getSequence(), frame.getSourceId(), frames, label, ofBundle.size()));
    }
  }
}
