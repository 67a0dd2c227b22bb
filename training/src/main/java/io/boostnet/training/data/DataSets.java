package io.boostnet.training.data;

import io.boostnet.training.input.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens a data set of any layout that is understood:
 *
 * <ul>
 *   <li>{@code CIFAR}: CIFAR-10 or CIFAR-100 in the official binary form, as downloaded ({@code
 *       .tar.gz}, {@code .tar.xz}, {@code .tar}) or unpacked. The official test set is the test
 *       split.
 *   <li>{@code IMAGES}: one folder of JPEG or PNG files per class; or {@code train/} and {@code
 *       val/} (or {@code test/}) with such folders, whose {@code val/} is then the test split.
 *   <li>{@code TRACKS}: {@code <class>/<track>_<frame>.jpg}, consecutive frames of one object;
 *       split in whole tracks, since frames of one track look alike.
 *   <li>{@code UNLABELLED}: a folder of JPEG or PNG files without classes, for {@link #unlabelled}
 *       alone.
 * </ul>
 */
public final class DataSets {

  private DataSets() {}

  /** How the files of a data set are laid out. */
  public enum Layout {
    /** Found out from the files: tracks where every image is named {@code <digits>_<digits>}. */
    AUTO,
    CIFAR,
    IMAGES,
    TRACKS,
    UNLABELLED
  }

  /** Whether a data set has no classes, so that {@link #unlabelled} opens it. */
  public static boolean isUnlabelled(Path path, Layout layout) {
    return layout == Layout.UNLABELLED
        || layout == Layout.AUTO
            && Files.isDirectory(path)
            && !CifarReader.recognises(path)
            && ImageTree.looksUnlabelled(path);
  }

  /**
   * Opens the images of a folder without classes, in the order of their names.
   *
   * @throws BadInputException if there is no such folder or no image in it
   */
  public static LabelledImages unlabelled(Path path) {
    return ImageTree.readUnlabelled(folder(path));
  }

  /**
   * Opens a data set and cuts it into splits.
   *
   * @throws BadInputException if the path or what it holds is not a data set of this layout
   */
  public static DataSplits open(Path path, Layout layout, SplitPlan plan) {
    if (!Files.exists(path)) {
      throw BadInputException.of("There is no data set at %s: no such file or folder.", path);
    }
    return switch (layout == Layout.AUTO ? recognise(path) : layout) {
      case AUTO -> throw new AssertionError("AUTO is always resolved");
      case CIFAR -> CifarReader.read(path, plan);
      case IMAGES -> ImageTree.readImages(folder(path), plan);
      case TRACKS -> ImageTree.readTracks(folder(path), plan);
      case UNLABELLED ->
          throw BadInputException.of(
              "The images of %s have no classes: frames takes them, and calibrate as --unlabelled; for all else give a folder of images per class.",
              path);
    };
  }

  private static Layout recognise(Path path) {
    if (!Files.isDirectory(path) || CifarReader.recognises(path)) {
      return Layout.CIFAR;
    }
    if (Files.isDirectory(path.resolve("train"))) {
      return Layout.IMAGES;
    }
    return ImageTree.looksLikeTracks(path) ? Layout.TRACKS : Layout.IMAGES;
  }

  private static Path folder(Path path) {
    if (!Files.isDirectory(path)) {
      throw BadInputException.of("%s is not a folder: unpack the images first.", path);
    }
    return path;
  }
}
