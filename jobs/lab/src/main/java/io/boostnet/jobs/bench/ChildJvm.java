package io.boostnet.jobs.bench;

import io.boostnet.jobs.serve.Delivery;
import io.boostnet.jobs.serve.ServeConfig;
import io.boostnet.jobs.serve.TopicConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Command lines of JVMs with this one's class path. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * A command line, to which arguments may be added.
   *
   * @param name the process's log is target/logs/name.log
   */
  static List<String> command(String name, Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    for (String opened : List.of("java.util", "java.lang", "java.nio", "java.time")) {
      command.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    command.add("-Djdk.nio.maxCachedBufferSize=1048576"); // as the launcher has it
    command.add("-Dboostnet.process=" + name);
    command.add("-Dboostnet.root=" + System.getProperty("boostnet.root", "."));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  /** Arguments of the command {@code serve}, without its name. */
  static List<String> serveArguments(ServeConfig config) {
    TopicConfig topics = config.kafka().topics();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--bundle", config.bundle(), "--device", "cpu"));
    arguments.addAll(List.of("--precision", config.inference().precision().toString()));
    arguments.addAll(List.of("--pipeline", config.pipeline(), "--group", config.kafka().groupId()));
    arguments.addAll(List.of("--bootstrap", config.kafka().bootstrapServers()));
    arguments.addAll(List.of("--start", "earliest", "--delivery"));
    arguments.add(
        config.kafka().delivery() == Delivery.EXACTLY_ONCE ? "exactly-once" : "at-least-once");
    arguments.addAll(List.of("--frames-topic", topics.frames()));
    arguments.addAll(List.of("--predictions-topic", topics.predictions()));
    arguments.addAll(List.of("--dead-letters-topic", topics.deadLetters()));
    arguments.addAll(List.of("--control-topic", topics.controlEvents()));
    arguments.addAll(List.of("--parallelism", String.valueOf(config.job().parallelism())));
    arguments.add("--thresholds");
    arguments.add(
        config.inference().thresholds().stream()
            .map(String::valueOf)
            .collect(Collectors.joining(",")));
    return arguments;
  }
}
