package io.boostnet.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What can be known of docker/compose.yaml without running it. */
class ComposeFileTest {

  private static final Path DIRECTORY = Path.of("..", "docker");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:-([^}]+)}");

  private static Map<String, Map<String, Object>> services;
  private static Map<String, Object> volumes;

  @BeforeAll
  static void parse() throws IOException {
    String text = Files.readString(DIRECTORY.resolve("compose.yaml"));
    Map<String, Map<String, Object>> file =
        new Yaml().load(VARIABLE.matcher(text).replaceAll("$1"));
    services = cast(file.get("services"));
    volumes = file.get("volumes");
  }

  @SuppressWarnings("unchecked")
  private static <T> T cast(Object value) {
    return (T) value;
  }

  @Test
  void mounts_ofEveryService_existOrAreVolumes() {
    services.forEach(
        (name, service) -> {
          List<String> mounts = cast(service.getOrDefault("volumes", List.of()));
          for (String mount : mounts) {
            String source = mount.substring(0, mount.indexOf(':'));
            if (source.startsWith(".")) {
              assertThat(DIRECTORY.resolve(source)).as("a mount of %s", name).exists();
              assertThat(mount).as("a mount of %s", name).endsWith(":ro");
            } else {
              assertThat(volumes).as("a volume of %s", name).containsKey(source);
            }
          }
        });
  }

  @Test
  void services_all_haveLimitsAndAPinnedImage() {
    services.forEach(
        (name, service) -> {
          Map<String, Map<String, Map<String, String>>> deploy = cast(service.get("deploy"));
          assertThat(deploy.get("resources").get("limits"))
              .as("limits of %s", name)
              .containsKeys("cpus", "memory");
          if (!service.containsKey("build")) {
            assertThat(service.get("image").toString())
                .as("image of %s", name)
                .matches(".+:v?\\d+\\.\\d+\\.\\d+");
          }
        });
  }

  @Test
  void services_thatRunOn_haveAHealthCheck() {
    services.forEach(
        (name, service) -> {
          if ("unless-stopped".equals(service.get("restart"))) {
            assertThat(service).as(name).containsKey("healthcheck");
          }
        });
  }

  @Test
  void ports_ofEveryService_onThisMachineAlone() {
    services.forEach(
        (name, service) -> {
          List<String> ports = cast(service.getOrDefault("ports", List.of()));
          assertThat(ports).as(name).allMatch(port -> port.startsWith("127.0.0.1:"));
        });
  }

  /** The image's entry point takes all spaces out of a value. */
  @Test
  void flinkProperties_everyLine_keyAndValueWithoutSpaces() {
    for (String name : List.of("jobmanager", "taskmanager")) {
      Map<String, String> environment = cast(services.get(name).get("environment"));
      assertThat(environment.get("FLINK_PROPERTIES").lines())
          .as(name)
          .isNotEmpty()
          .allMatch(line -> line.matches("[a-zA-Z.-]+: \\S+"));
    }
  }
}
