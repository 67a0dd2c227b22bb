package io.boostnet.jobs.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a Flink distribution has in its lib directory, and the libraries with native code. */
final class FlinkClassPath {

  /** Jars of this class path that a Flink distribution brings. */
  private static final List<String> DISTRIBUTION =
      List.of(
          "flink-",
          "slf4j-",
          "log4j-",
          "icu4j",
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
          "snappy-java",
          "javassist",
          "jsr305");

  /** Those of Flink's own that are not in a distribution: the job jar brings them. */
  private static final List<String> IN_JOB_JAR =
      List.of("flink-connector-base", "flink-connector-kafka", "flink-avro");

  /** Native code belongs into the lib directory, see the job jar. */
  private static final List<String> NATIVE =
      List.of("onnxruntime", "opencv", "openblas", "javacpp");

  private static final List<String> OPENED =
      List.of("java.util", "java.lang", "java.nio", "java.time");

  private FlinkClassPath() {}

  /** The entries of a class path that a Flink process has on its own. */
  static List<String> of(List<String> classPath) {
    return classPath.stream()
        .filter(
            entry -> {
              String name = Path.of(entry).getFileName().toString();
              return isOneOf(NATIVE, name)
                  || isOneOf(DISTRIBUTION, name) && !isOneOf(IN_JOB_JAR, name);
            })
        .toList();
  }

  private static boolean isOneOf(List<String> prefixes, String name) {
    return prefixes.stream().anyMatch(name::startsWith);
  }

  /** JVM options, and those that open the JDK to Flink. */
  static List<String> withOpens(List<String> options) {
    List<String> all = new ArrayList<>(options);
    for (String opened : OPENED) {
      all.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
    }
    return all;
  }
}
