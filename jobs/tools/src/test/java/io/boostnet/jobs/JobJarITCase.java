package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What a cluster is given: everything that its own class path lacks, and nothing that it has. */
class JobJarITCase {

  private static final Path JAR = Path.of("target", "boostnet-job.jar");

  @Test
  void jobJar_entries_holdConnectorAndLibraryButNoFlinkBrokerOrNativeCode() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      Set<String> entries = jar.stream().map(ZipEntry::getName).collect(Collectors.toSet());
      assertThat(entries)
          .contains(
              "io/boostnet/jobs/Main.class",
              "io/boostnet/flink/EarlyExitInference.class",
              "io/boostnet/schema/ImageFrame.class",
              "org/apache/flink/connector/kafka/source/KafkaSource.class",
              "org/apache/flink/formats/avro/typeutils/AvroTypeInfo.class",
              "org/apache/kafka/clients/consumer/KafkaConsumer.class",
              "org/apache/avro/Schema.class");
      assertThat(entries)
          .noneMatch(name -> name.startsWith("ai/onnxruntime/"))
          .noneMatch(name -> name.startsWith("org/bytedeco/"))
          .noneMatch(name -> name.startsWith("org/apache/flink/streaming/api/"))
          .noneMatch(name -> name.startsWith("org/apache/flink/runtime/"))
          .noneMatch(name -> name.startsWith("kafka/server/"))
          .noneMatch(name -> name.startsWith("scala/"))
          .noneMatch(name -> name.startsWith("org/apache/logging/"))
          .noneMatch(name -> name.startsWith("org/slf4j/"))
          .noneMatch(name -> name.equals("log4j2.xml"));
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("io.boostnet.jobs.Main");
    }
  }

  @Test
  void flinkLib_jars_areThoseWithNativeCode() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target", "flink-lib"))) {
      assertThat(jars.map(jar -> jar.getFileName().toString().replaceAll("-\\d.*", "")))
          .containsOnly("onnxruntime", "opencv", "openblas", "javacpp");
    }
  }

  @Test
  void jobJar_serviceFiles_areMerged() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      ZipEntry providers =
          jar.getEntry("META-INF/services/org.apache.kafka.common.config.provider.ConfigProvider");
      String text =
          new String(jar.getInputStream(providers).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("FileConfigProvider");
    }
  }
}
