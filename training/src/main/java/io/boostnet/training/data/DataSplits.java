package io.boostnet.training.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A data set cut into the images to train on, those kept out of training to calibrate and choose
 * by, and those to measure on. No image is in two splits, and with tracks no track is.
 *
 * @param name name of the data set, for instance {@code cifar100}
 * @param files the files that hold it, in the order of their names
 * @param train images to train on
 * @param validation images kept out of training
 * @param test images to measure on
 */
public record DataSplits(
    String name,
    List<Path> files,
    LabelledImages train,
    LabelledImages validation,
    LabelledImages test) {

  public DataSplits {
    files = List.copyOf(files);
  }

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
   * The same with the test images halved, class by class: one half to calibrate by, one to measure
   * on. For networks that were trained elsewhere, on images that may be in this validation split.
   */
  public DataSplits halvingTest(long seed) {
    StratifiedSplit halves = StratifiedSplit.ofImages(test, new SplitPlan(seed, 0.5, 0));
    return new DataSplits(
        name,
        files,
        train,
        test.select(test.name() + "-calibration", halves.validation()),
        test.select(test.name(), halves.train()));
  }

  /**
   * SHA-256 over the bytes of all files in their order: 64 lower-case hexadecimal digits. Reads
   * every file once.
   */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("reading the data set " + name + " for its checksum", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A part of a data set. */
  public enum Split {
    TRAIN,
    VALIDATION,
    TEST
  }
}
