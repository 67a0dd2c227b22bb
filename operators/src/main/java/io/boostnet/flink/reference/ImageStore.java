package io.boostnet.flink.reference;

import io.boostnet.flink.options.References;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * Reads images over HTTP, and through Flink's file systems: whatever of them the cluster has, such
 * as s3. Redirections are not followed. Thread-safe.
 */
final class ImageStore {

  private static final int NOT_FOUND = 404;
  private static final int GONE = 410;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int REQUEST_TIMEOUT = 408;

  private final HttpClient http;
  private final Duration timeout;
  private final int maxBytes;

  ImageStore(Duration timeout, int maxBytes) {
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
    this.timeout = timeout;
    this.maxBytes = maxBytes;
  }

  /** The image is not to be had, however often it is asked for. */
  static final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1;

    private final boolean tooLarge;

    private UnavailableException(String message, boolean tooLarge) {
      super(message, null, false, false);
      this.tooLarge = tooLarge;
    }

    UnavailableException(String message) {
      this(message, false);
    }

    boolean isTooLarge() {
      return tooLarge;
    }
  }

  /**
   * Reads an image.
   *
   * @param uri one that {@link References#allows}
   * @throws UnavailableException where it is missing, refused or too large
   * @throws IOException where the store failed, so that another try may do
   */
  byte[] read(URI uri) throws UnavailableException, IOException, InterruptedException {
    return uri.getScheme().matches("https?") ? overHttp(uri) : fromFileSystem(uri);
  }

  private byte[] overHttp(URI uri) throws UnavailableException, IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      int status = response.statusCode();
      if (status == 200) {
        return bounded(body);
      }
      if (status >= 500 || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT) {
        throw new IOException("the store answered with status " + status);
      }
      throw new UnavailableException(
          status == NOT_FOUND || status == GONE
              ? "it is not there (status " + status + ")"
              : "the store answered with status " + status);
    }
  }

  private byte[] fromFileSystem(URI uri) throws UnavailableException, IOException {
    Path path = new Path(uri);
    try {
      FileSystem files = path.getFileSystem();
      try (InputStream in = files.open(path)) {
        return bounded(in);
      }
    } catch (FileNotFoundException e) {
      throw new UnavailableException("it is not there");
    } catch (AccessDeniedException e) {
      throw new UnavailableException("it may not be read");
    } catch (UnsupportedFileSystemSchemeException e) {
      throw new UnavailableException("this cluster has no file system for " + uri.getScheme());
    }
  }

  private byte[] bounded(InputStream in) throws UnavailableException, IOException {
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new UnavailableException(
          "it has more than the %d bytes allowed".formatted(maxBytes), true);
    }
    return bytes;
  }
}
