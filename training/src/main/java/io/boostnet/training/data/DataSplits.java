package io.boostnet.training.data;

import io.boostnet.training.input.BadInputException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A data set cut into the images to train on, those kept out of training to calibrate and choose
 * by, and those to measure on. No image is in two splits, and with tracks no track is.
 *
 * @param name name of the data set, for instance {@code cifar100}
 * @param checksum works out {@link #sha256}; reads the files if need be
 * @param train images to train on
 * @param validation images kept out of training
 * @param test images to measure on
 */
public record DataSplits(
    String name,
    Supplier<String> checksum,
    LabelledImages train,
    LabelledImages validation,
    LabelledImages test) {

  private static final int MOST_LISTED = 48;

  /** Names of the classes; the index is the label. */
  public List<String> classNames() {
    return train.classNames();
  }

  /** The images of one split. */
  public LabelledImages images(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }

  /**
   * Lines for people: how many images each split has, and each class. Of more than {@value
   * #MOST_LISTED} classes, those with the fewest and the most images.
   */
  public String counts() {
    int[] perClass = new int[classNames().size()];
    for (Split split : Split.values()) {
      LabelledImages images = images(split);
      for (int i = 0; i < images.size(); i++) {
        perClass[images.label(i)]++;
      }
    }
    List<String> classes =
        IntStream.range(0, perClass.length)
            .boxed()
            .sorted(
                perClass.length > MOST_LISTED
                    ? Comparator.comparing((Integer c) -> perClass[c])
                    : Comparator.naturalOrder())
            .map(c -> String.format(Locale.ROOT, "%s %,d", classNames().get(c), perClass[c]))
            .toList();
    return String.format(
        Locale.ROOT,
        "%s: %,d classes; %,d images to train, %,d to validate, %,d to test%n%s%n",
        name,
        perClass.length,
        train.size(),
        validation.size(),
        test.size(),
        perClass.length > MOST_LISTED
            ? "  fewest: %s%n  most: %s"
                .formatted(
                    String.join(", ", classes.subList(0, MOST_LISTED / 8)),
                    String.join(
                        ", ", classes.subList(classes.size() - MOST_LISTED / 8, classes.size())))
            : "  " + String.join(", ", classes));
  }

  /**
   * The same with the test images halved, class by class and in whole tracks where there are
   * tracks: one half to calibrate by, one to measure on. For networks that were trained elsewhere,
   * on images that may be in this validation split.
   */
  public DataSplits halvingTest(long seed) {
    StratifiedSplit halves = StratifiedSplit.ofSources(test, new SplitPlan(seed, 0.5, 0));
    return new DataSplits(
        name,
        checksum,
        train,
        test.select(test.name() + "-calibration", halves.validation()),
        test.select(test.name(), halves.train()));
  }

  /**
   * The same with the classes numbered as a network numbers them: by name where all names of the
   * data set are among the network's, else in their order where there are as many.
   *
   * @param labels names of the network's classes
   * @throws BadInputException where neither holds
   */
  public DataSplits relabelled(List<String> labels) {
    List<String> own = classNames();
    if (own.equals(labels)) {
      return this;
    }
    boolean named = labels.containsAll(own);
    if (!named && own.size() != labels.size()) {
      throw BadInputException.of(
          "The data set %s has %d classes, the first is %s, and the network %d, the first is %s: name"
              + " the folders of the images as the classes in --labels.",
          name, own.size(), own.get(0), labels.size(), labels.get(0));
    }
    int[] numbers =
        IntStream.range(0, own.size()).map(i -> named ? labels.indexOf(own.get(i)) : i).toArray();
    return new DataSplits(
        name,
        checksum,
        new RelabelledImages(train, labels, numbers),
        new RelabelledImages(validation, labels, numbers),
        new RelabelledImages(test, labels, numbers));
  }

  /**
   * The same for a network that was trained on none of it: the official test images, or all images
   * where there are none, half to calibrate by and half to measure on.
   */
  public static DataSplits unseen(DataOptions options, Path path) {
    SplitPlan plan = options.plan();
    DataSplits all = DataSets.open(path, options.layout(), new SplitPlan(plan.seed(), 0, 0));
    DataSplits test =
        all.test.size() > 0
            ? all
            : new DataSplits(all.name, all.checksum, all.train, all.validation, all.whole());
    return test.halvingTest(plan.seed());
  }

  /** The training images under the data set's own name. */
  private LabelledImages whole() {
    return train.select(name, IntStream.range(0, train.size()).toArray());
  }

  /**
   * SHA-256 over the data, file after file in the order of their names, the same for an archive and
   * what it unpacks to: 64 lower-case hexadecimal digits. May read every file once.
   */
  public String sha256() {
    return checksum.get();
  }

  /** A part of a data set. */
  public enum Split {
    TRAIN,
    VALIDATION,
    TEST
  }
}
