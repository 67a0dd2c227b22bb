package io.boostnet.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.jobs.serve.LocalFlink;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A Flink session cluster in processes of its own: a JobManager and one TaskManager, with the class
 * path that a Flink distribution has, and target/flink-lib in its lib directory.
 */
final class SessionCluster implements Closeable {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Jars of the test's class path that a Flink distribution brings. */
  private static final List<String> LIB =
      List.of(
          "flink-",
          "slf4j-",
          "log4j-",
          "commons-cli",
          "commons-codec",
          "commons-collections",
          "commons-compress",
          "commons-io",
          "commons-lang3",
          "commons-math3",
          "commons-text",
          "kryo",
          "objenesis",
          "minlog",
          "reflectasm",
          "RoaringBitmap",
          "snakeyaml-engine",
          "javassist",
          "jsr305");

  /** Those of Flink's own that are not in a distribution: the job jar brings them. */
  private static final List<String> NOT_IN_LIB =
      List.of("flink-connector-base", "flink-connector-kafka", "flink-avro");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final Path directory;
  private final int restPort;

  private SessionCluster(Path directory, int restPort) {
    this.directory = directory;
    this.restPort = restPort;
  }

  /** Starts a cluster that knows a job jar; returns when its TaskManager has registered. */
  static SessionCluster start(Path directory, Path jobJar) throws IOException {
    int restPort = LocalFlink.choosePort(0);
    Path jars = Files.createDirectories(directory.resolve("flink-web-upload"));
    Files.copy(jobJar, jars.resolve(jobJar.getFileName()));
    Files.writeString(
        directory.resolve("config.yaml"),
        """
        jobmanager.rpc.address: localhost
        jobmanager.rpc.port: %d
        rest.address: localhost
        rest.port: %d
        web.upload.dir: %s
        taskmanager.host: localhost
        taskmanager.numberOfTaskSlots: 1
        taskmanager.cpu.cores: 1
        taskmanager.memory.framework.heap.size: 128m
        taskmanager.memory.framework.off-heap.size: 128m
        taskmanager.memory.jvm-metaspace.size: 256m
        taskmanager.memory.jvm-overhead.min: 192m
        taskmanager.memory.jvm-overhead.max: 192m
        taskmanager.memory.task.heap.size: 256m
        taskmanager.memory.task.off-heap.size: 256m
        taskmanager.memory.network.min: 32m
        taskmanager.memory.network.max: 32m
        taskmanager.memory.managed.size: 0m
        """
            .formatted(LocalFlink.choosePort(0), restPort, directory));
    SessionCluster cluster = new SessionCluster(directory, restPort);
    cluster.launch(
        "jobmanager", "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    cluster.launch("taskmanager", "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
    cluster.await(() -> cluster.taskManagers().size() == 1);
    return cluster;
  }

  private void launch(String name, String mainClass) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:MaxDirectMemorySize=512m"));
    for (String opened : List.of("java.util", "java.lang", "java.nio", "java.time")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", libraries(), mainClass, "--configDir", directory.toString()));
    ProcessBuilder process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                Files.createDirectories(Path.of("target", "session-cluster"))
                    .resolve(name + ".log")
                    .toFile());
    // Every submission frees what its threads took, but glibc keeps it for each thread's arena:
    // 20 MB a submission. Flink's own images have jemalloc instead.
    process.environment().put("MALLOC_ARENA_MAX", "2");
    processes.add(process.start());
  }

  private static String libraries() {
    String flink =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                entry -> {
                  String name = Path.of(entry).getFileName().toString();
                  return LIB.stream().anyMatch(name::startsWith)
                      && NOT_IN_LIB.stream().noneMatch(name::startsWith);
                })
            .collect(Collectors.joining(File.pathSeparator));
    return Path.of("target", "flink-lib", "*") + File.pathSeparator + flink;
  }

  /** Submits the job jar; returns the job's id. */
  String submit(Path jobJar, List<String> arguments) {
    JsonNode answer =
        call(
            "POST", "/jars/" + jobJar.getFileName() + "/run", Map.of("programArgsList", arguments));
    assertThat(answer.has("jobid")).as(answer.toString()).isTrue();
    return answer.get("jobid").asText();
  }

  /** Cancels a job and waits for its end. */
  void cancel(String job) {
    call("PATCH", "/jobs/" + job + "?mode=cancel", Map.of());
    await(() -> state(job).equals("CANCELED"));
  }

  /** State of a job. */
  String state(String job) {
    return call("GET", "/jobs/" + job, null).path("state").asText();
  }

  /** Ids of the TaskManagers. */
  List<String> taskManagers() {
    JsonNode managers = call("GET", "/taskmanagers", null).path("taskmanagers");
    List<String> ids = new ArrayList<>();
    managers.forEach(manager -> ids.add(manager.get("id").asText()));
    return ids;
  }

  /** What the TaskManager's process holds, after a garbage collection. */
  Held held() {
    Process taskManager = processes.get(processes.size() - 1);
    String pid = String.valueOf(taskManager.pid());
    try {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      new ProcessBuilder(jcmd.toString(), pid, "GC.run")
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
      long resident =
          Files.readAllLines(Path.of("/proc", pid, "status")).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> line.replaceAll("[^0-9]", ""))
              .mapToLong(Long::parseLong)
              .sum();
      long metaspace =
          call(
                  "GET",
                  "/taskmanagers/"
                      + taskManagers().get(0)
                      + "/metrics?get=Status.JVM.Memory.Metaspace.Used",
                  null)
              .path(0)
              .path("value")
              .asLong();
      return new Held(resident / 1024.0, metaspace / 1048576.0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Memory of a process.
   *
   * @param residentMegabytes resident memory
   * @param metaspaceMegabytes loaded classes
   */
  record Held(double residentMegabytes, double metaspaceMegabytes) {}

  private JsonNode call(String method, String path, Object body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://localhost:" + restPort + path))
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(60))
              .build();
      String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return answer.isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer);
    } catch (IOException e) {
      return JSON.createObjectNode(); // not up yet
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks until the answer is yes: a cluster has no event to wait for. */
  private void await(BooleanSupplier done) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!done.getAsBoolean()) {
      assertThat(processes).as("see target/session-cluster").allMatch(Process::isAlive);
      assertThat(System.nanoTime()).as("no answer within %s", PATIENCE).isLessThan(deadline);
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.destroy();
    }
    for (Process process : processes) {
      try {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
