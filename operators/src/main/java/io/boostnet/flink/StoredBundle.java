package io.boostnet.flink;

import io.boostnet.flink.codec.BundleSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/**
 * A bundle in any of Flink's file systems (file, s3, ...): a directory, or a zip of one. Every read
 * opens the file anew; thread-safe.
 *
 * @param location path or URI of the directory, or of a file that ends in .zip
 */
record StoredBundle(String location) implements BundleSource {

  /** How much a file may grow out of a zip, and what any may have: more than that is an attack. */
  private static final long MOST_EXPANSION = 100;

  private static final long ALWAYS_ALLOWED = 1 << 20;

  @Override
  public byte[] read(String file) throws IOException {
    return location.endsWith(".zip") ? readZipped(file) : readPlain(file);
  }

  private byte[] readPlain(String file) throws IOException {
    Path path = new Path(location, file);
    try (InputStream in = FileSystem.get(path.toUri()).open(path)) {
      return in.readAllBytes();
    }
  }

  private byte[] readZipped(String file) throws IOException {
    Path path = new Path(location);
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
