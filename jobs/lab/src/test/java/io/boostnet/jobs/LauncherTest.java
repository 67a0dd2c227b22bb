package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code boostnet} in a project that belongs to somebody else. */
class LauncherTest {

  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  @TempDir Path project;

  @BeforeEach
  void copyScript() throws IOException {
    Files.copy(Path.of("..", "boostnet"), project.resolve("boostnet"));
    Files.createDirectories(project.resolve("jobs/tools/target"));
    Files.createDirectories(project.resolve("target"));
    protect("r-xr-xr-x", "target");
    protect("rwxr-xr-x", "boostnet", "jobs", "jobs/tools", "jobs/tools/target");
    Files.setPosixFilePermissions(project, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void notBuilt_andNotToBeWritten_isOneSentence() throws Exception {
    assertThat(launch())
        .isEqualTo(
            "boostnet: %s has to be built and you may not write to %s/target; let its owner build it, or copy the project to a folder of your own.\n"
                .formatted(root(), root()));
  }

  @Test
  void librariesInAnotherHome_isOneSentence() throws Exception {
    Path home = Files.createDirectory(project.resolve("home"));
    Path library = Files.createFile(home.resolve("library.jar"));
    Files.writeString(project.resolve("jobs/tools/target/classpath"), library.toString());
    protect("rw-r--r--", "jobs/tools/target/classpath");
    protect("---------", "home/library.jar");
    protect("---------", "home");
    assertThat(launch())
        .isEqualTo(
            "boostnet: %s was built by another user, whose libraries you cannot read (%s); copy the project to a folder of your own, where it is built anew.\n"
                .formatted(root(), library));
    protect("rwx------", "home");
  }

  private Path root() throws IOException {
    return project.toRealPath();
  }

  private void protect(String permissions, String... files) throws IOException {
    for (String file : files) {
      Files.setPosixFilePermissions(
          project.resolve(file), PosixFilePermissions.fromString(permissions));
    }
  }

  /** What it prints, run by somebody who is not root. */
  private String launch() throws Exception {
    List<String> command = new ArrayList<>();
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      assumeTrue(Files.isExecutable(SETPRIV), "root, and no setpriv");
      command.addAll(
          List.of(SETPRIV.toString(), "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    command.addAll(List.of("bash", project.resolve("boostnet").toString(), "inspect"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(1);
    return said;
  }
}
