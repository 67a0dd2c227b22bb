package io.boostnet.flink;

import io.boostnet.flink.codec.BundleSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A bundle in any of Flink's file systems (file, s3, ...): a directory, or a zip of one. Every read
 * opens the file anew; thread-safe.
 *
 * @param location path or URI of the directory, or of a file that ends in .zip
 * @param place where it is read from: its location, or a copy of it
 * @param sent whether a job brings it along, so that it has to be asked for its place there
 */
record StoredBundle(String location, String place, boolean sent) implements BundleSource {

  /** How much a file may grow out of a zip, and what any may have: more than that is an attack. */
  private static final long MOST_EXPANSION = 100;

  private static final long ALWAYS_ALLOWED = 1 << 20;

  /** Flink's name for a cluster in the JVM that runs the program. */
  private static final String LOCAL = "local";

  /** The same in tests. */
  private static final String MINI_CLUSTER = "minicluster";

  StoredBundle(String location) {
    this(location, location, false);
  }

  /**
   * The same, as the TaskManagers of a job are to read it. A bundle on this machine's disk goes
   * with the job, as one of its cached files: another machine may have another or none under that
   * path.
   *
   * @throws IOException where another file of that name goes with the job
   */
  StoredBundle sentWith(StreamExecutionEnvironment job) throws IOException {
    Path path = new Path(location);
    FileSystem files = path.getFileSystem();
    String target = job.getConfiguration().get(DeploymentOptions.TARGET);
    boolean here = target == null || target.equals(LOCAL) || target.equals(MINI_CLUSTER);
    boolean unsendable = path.getName().contains(":"); // Flink takes its zip's name for a URI
    if (here || unsendable || files.isDistributedFS()) {
      return this;
    }
    String file = path.makeQualified(files).toString();
    for (var other : job.getCachedFiles()) {
      if (new Path(other.f1.filePath).getName().equals(path.getName())
          && !other.f1.filePath.equals(file)) {
        throw new IOException(
            "%s goes with the job already, and Flink sends one file of a name; rename the bundle, or let the TaskManagers read it with withBundleInPlace()"
                .formatted(other.f1.filePath));
      }
    }
    if (job.getCachedFiles().stream().noneMatch(other -> other.f0.equals(location))) {
      job.registerCachedFile(file, location);
    }
    return new StoredBundle(location, location, true);
  }

  /** The same where the job brought it. */
  StoredBundle with(Function<String, java.nio.file.Path> files) {
    return sent ? new StoredBundle(location, files.apply(location).toString(), false) : this;
  }

  @Override
  public byte[] read(String file) throws IOException {
    return location.endsWith(".zip") ? readZipped(file) : readPlain(file);
  }

  private byte[] readPlain(String file) throws IOException {
    Path path = new Path(place, file);
    try (InputStream in = FileSystem.get(path.toUri()).open(path)) {
      return in.readAllBytes();
    }
  }

  private byte[] readZipped(String file) throws IOException {
    Path path = new Path(place);
    FileSystem files = FileSystem.get(path.toUri());
    long most = Math.max(ALWAYS_ALLOWED, MOST_EXPANSION * files.getFileStatus(path).getLen());
    try (ZipInputStream zip = new ZipInputStream(files.open(path))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (entry.getName().equals(file) || entry.getName().endsWith("/" + file)) {
          byte[] bytes = zip.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, most));
          if (zip.read() >= 0) {
            throw new IOException("it unpacks to more than %,d bytes".formatted(most));
          }
          return bytes;
        }
      }
    }
    throw new FileNotFoundException(file + " in " + location);
  }
}
