package io.boostnet.training.data;

import io.boostnet.training.data.ImageFiles.ImageFile;
import io.boostnet.training.input.BadInputException;
import io.boostnet.training.input.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads image files in one folder per class, in name order: independent images, or tracks of
 * consecutive frames ({@code <class>/<track>_<frame>.jpg}); or in one folder without classes.
 *
 * <p>What systems and editors leave beside images is no image and no class: hidden files and
 * folders ({@code .ipynb_checkpoints}, {@code .DS_Store}, {@code ._x.jpg}), {@code __MACOSX} and
 * its like.
 */
final class ImageTree {

  /** How ImageNet and its like name the folders of an official split. */
  private static final List<String> TEST_FOLDERS = List.of("val", "validation", "test");

  private static final Pattern FRAME = Pattern.compile("(.+)_(\\d{1,9})\\.[^.]+");
  private static final Pattern NUMBERED_TRACK = Pattern.compile("\\d+_\\d{1,9}\\.[^.]+");

  /** Folders that systems make and do not hide by their name. */
  private static final Set<String> OF_SYSTEMS =
      Set.of("__MACOSX", "@eaDir", "lost+found", "$RECYCLE.BIN", "System Volume Information");

  private final Path root;
  private final String name;

  private ImageTree(Path root) {
    this.root = root;
    this.name = root.toAbsolutePath().normalize().getFileName().toString();
  }

  static DataSplits readImages(Path root, SplitPlan plan) {
    return new ImageTree(root).images(plan);
  }

  static DataSplits readTracks(Path root, SplitPlan plan) {
    return new ImageTree(root).tracks(plan);
  }

  /**
   * Whether every image is named {@code <digits>_<digits>}, which is how tracks are told from
   * images without being told.
   */
  static boolean looksLikeTracks(Path root) {
    ImageTree tree = new ImageTree(root);
    return tree.classFolders(root).stream()
        .flatMap(folder -> tree.imagesIn(folder).stream())
        .allMatch(image -> NUMBERED_TRACK.matcher(image.getFileName().toString()).matches());
  }

  /** Whether a folder holds images and no class folders. */
  static boolean looksUnlabelled(Path root) {
    ImageTree tree = new ImageTree(root);
    return !tree.imagesIn(root).isEmpty() && tree.classFolders(root).isEmpty();
  }

  /** The images of a folder without classes, in the order of their names. */
  static LabelledImages readUnlabelled(Path root) {
    ImageTree tree = new ImageTree(root);
    List<ImageFile> files =
        tree.imagesIn(root).stream()
            .map(image -> new ImageFile(image, LabelledImages.UNLABELLED, tree.name))
            .toList();
    if (files.isEmpty()) {
      throw BadInputException.of("%s holds no .jpg, .jpeg or .png files.", root);
    }
    return new ImageFiles(tree.name, List.of(), files);
  }

  private DataSplits images(SplitPlan plan) {
    Path trainRoot = root.resolve("train");
    if (Files.isDirectory(trainRoot)) {
      return officialSplit(trainRoot, plan);
    }
    LabelledImages all = independent(root, name, classNames(root));
    StratifiedSplit split = StratifiedSplit.ofImages(all, plan);
    return new DataSplits(
        name,
        () -> Sha256.ofFiles(imagePaths(root)),
        all.select(name + "-train", split.train()),
        all.select(name + "-validation", split.validation()),
        all.select(name + "-test", split.test()));
  }

  private DataSplits officialSplit(Path trainRoot, SplitPlan plan) {
    Path testRoot =
        TEST_FOLDERS.stream()
            .map(root::resolve)
            .filter(Files::isDirectory)
            .findFirst()
            .orElseThrow(
                () ->
                    BadInputException.of(
                        "%s has a folder train but none of %s.", root, TEST_FOLDERS));
    List<String> classNames = classNames(trainRoot);
    if (!classNames(testRoot).equals(classNames)) {
      throw BadInputException.of(
          "%s and %s do not have the same class folders.", trainRoot, testRoot);
    }
    LabelledImages all = independent(trainRoot, name + "-train", classNames);
    StratifiedSplit split =
        StratifiedSplit.ofImages(all, new SplitPlan(plan.seed(), plan.validationShare(), 0));
    return new DataSplits(
        name,
        () ->
            Sha256.ofFiles(
                Stream.concat(imagePaths(testRoot).stream(), imagePaths(trainRoot).stream())
                    .sorted()
                    .toList()),
        all.select(name + "-train", split.train()),
        all.select(name + "-validation", split.validation()),
        independent(testRoot, name + "-test", classNames));
  }

  private LabelledImages independent(Path folder, String sourceId, List<String> classNames) {
    List<ImageFile> files = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      for (Path image : imagesIn(folder.resolve(classNames.get(label)))) {
        files.add(new ImageFile(image, label, sourceId));
      }
    }
    return new ImageFiles(sourceId, classNames, files);
  }

  private DataSplits tracks(SplitPlan plan) {
    List<String> classNames = classNames(root);
    List<Integer> trackLabels = new ArrayList<>();
    List<ImageFile> files = new ArrayList<>();
    List<Integer> trackOfFile = new ArrayList<>();
    for (int label = 0; label < classNames.size(); label++) {
      for (Map.Entry<String, List<Path>> track :
          tracksOf(root.resolve(classNames.get(label))).entrySet()) {
        String sourceId = classNames.get(label) + "/" + track.getKey();
        for (Path frame : track.getValue()) {
          files.add(new ImageFile(frame, label, sourceId));
          trackOfFile.add(trackLabels.size());
        }
        trackLabels.add(label);
      }
    }
    StratifiedSplit split =
        StratifiedSplit.of(trackLabels.stream().mapToInt(Integer::intValue).toArray(), plan);
    LabelledImages all = new ImageFiles(name, classNames, files);
    return new DataSplits(
        name,
        () -> Sha256.ofFiles(imagePaths(root)),
        all.select(name + "-train", filesOf(split.train(), trackOfFile)),
        all.select(name + "-validation", filesOf(split.validation(), trackOfFile)),
        all.select(name + "-test", filesOf(split.test(), trackOfFile)));
  }

  /** Frames of every track of a class folder, both in order: tracks by name, frames by number. */
  private Map<String, List<Path>> tracksOf(Path folder) {
    Map<String, TreeMap<Integer, Path>> tracks = new TreeMap<>();
    for (Path image : imagesIn(folder)) {
      Matcher frame = FRAME.matcher(image.getFileName().toString());
      if (!frame.matches()) {
        throw BadInputException.of(
            "%s is not named <track>_<frame>, as every image of a track must be.", image);
      }
      Path twin =
          tracks
              .computeIfAbsent(frame.group(1), track -> new TreeMap<>())
              .put(Integer.valueOf(frame.group(2)), image);
      if (twin != null) {
        throw BadInputException.of("%s and %s are the same frame of the same track.", twin, image);
      }
    }
    Map<String, List<Path>> ordered = new TreeMap<>();
    tracks.forEach((track, frames) -> ordered.put(track, List.copyOf(frames.values())));
    return ordered;
  }

  private static int[] filesOf(int[] tracks, List<Integer> trackOfFile) {
    Set<Integer> chosen = new HashSet<>();
    for (int track : tracks) {
      chosen.add(track);
    }
    return IntStream.range(0, trackOfFile.size())
        .filter(file -> chosen.contains(trackOfFile.get(file)))
        .toArray();
  }

  private List<String> classNames(Path folder) {
    List<String> names =
        classFolders(folder).stream().map(path -> path.getFileName().toString()).toList();
    if (names.size() < 2) {
      throw BadInputException.of(
          "%s has %d class folders with images%s; an image data set needs one folder per class, at least two.",
          folder,
          names.size(),
          looksUnlabelled(folder)
              ? " (its own images have no class: frames takes them, and calibrate as --unlabelled)"
              : "");
    }
    return names;
  }

  private List<Path> classFolders(Path folder) {
    return children(folder).stream()
        .filter(Files::isDirectory)
        .filter(child -> !imagesIn(child).isEmpty())
        .toList();
  }

  private List<Path> imagePaths(Path folder) {
    return classFolders(folder).stream().flatMap(child -> imagesIn(child).stream()).toList();
  }

  private List<Path> imagesIn(Path folder) {
    return children(folder).stream()
        .filter(ImageFiles::isImage)
        .filter(Files::isRegularFile)
        .toList();
  }

  private static boolean isLeftBehind(String name) {
    return name.startsWith(".") || OF_SYSTEMS.contains(name);
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(child -> !isLeftBehind(child.getFileName().toString()))
          .sorted(Comparator.comparing(Path::getFileName))
          .toList();
    } catch (IOException e) {
      throw new BadInputException("The folder " + folder + " cannot be read: " + e, e);
    }
  }
}
