package io.boostnet.jobs.serve;

import io.boostnet.fuzz.Attempt;
import io.boostnet.fuzz.Edit;
import io.boostnet.fuzz.Fuzz;
import io.boostnet.fuzz.JsonEdit;
import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged configurations: a configuration or a {@link ConfigException}. */
class ServeConfigFuzzTest {

  private static final long MOST_HEAP = 64 << 20;

  private static final String YAML =
      """
      bundle: s3://models/cifar100-msdnet
      pipeline: gate-4
      kafka:
        bootstrapServers: kafka:9092
        groupId: boostnet
        topics: {frames: frames, predictions: predictions, deadLetters: dead-letters}
        delivery: exactly-once
        start: 2026-01-31T08:00:00Z
        partitions: 4
        clientProperties: [tls.properties]
      inference:
        thresholds: [0.9, 0.5, 0]
        audit: 0.01
        order: ordered
        microBatch: auto
        lingerMs: 5
        device: "cuda:0"
      job: {parallelism: 2, checkpointIntervalMs: 10000, uiPort: 0}
      """;

  private static final String JSON =
      """
      {"bundle": "b", "pipeline": "p", "kafka": {"bootstrapServers": "k:9092", "groupId": "g",
       "topics": {"frames": "f", "predictions": "p", "deadLetters": "d", "controlEvents": "c"},
       "delivery": "at-least-once", "start": "latest", "partitions": 4, "clientProperties": ["t"]},
       "inference": {"budget": "fixed 0.5", "audit": 0.01, "order": "unordered", "microBatch": 8,
       "lingerMs": 5, "device": "cpu"}, "job": {"parallelism": 2, "checkpointIntervalMs": 10000}}
      """;

  /** What YAML gives a meaning. */
  private static final String[] SYNTAX = {
    "&a ",
    "*a",
    "<<: *a",
    "!!java.net.URL ",
    "!!binary ",
    "!<x> ",
    "? ",
    "- ",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "\t",
    "\u0000",
    "\uFEFF",
    "{",
    "[",
    "[[[[[[",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "# ",
    ": ",
    "\n",
    "\\x",
    "0o7",
    ".inf",
    ".NaN",
    "~",
    "yes",
    "1e400",
    "-1"
  };

  private static Path file;

  @BeforeContainer
  static void create() throws IOException {
    file = Files.createTempFile("serve", ".yaml");
  }

  @AfterContainer
  static void delete() throws IOException {
    Files.delete(file);
  }

  @Fuzz
  void damagedYaml_isReadOrRefused(@ForAll("edits") List<Edit> edits) throws IOException {
    read(Edit.apply(edits, YAML.getBytes(StandardCharsets.UTF_8)));
  }

  @Fuzz
  void yamlWithMoreSyntax_isReadOrRefused(
      @ForAll("places") List<Integer> places, @ForAll("syntax") String syntax) throws IOException {
    StringBuilder yaml = new StringBuilder(YAML);
    places.forEach(place -> yaml.insert(place % yaml.length(), syntax));
    read(yaml.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Fuzz
  void otherValues_areReadOrRefused(@ForAll("jsonEdits") List<JsonEdit> edits) throws IOException {
    read(JsonEdit.apply(edits, JSON).getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<List<Edit>> edits() {
    return Edit.several();
  }

  @Provide
  Arbitrary<List<JsonEdit>> jsonEdits() {
    return JsonEdit.several();
  }

  @Provide
  Arbitrary<List<Integer>> places() {
    return Arbitraries.integers()
        .between(0, YAML.length() - 1)
        .withDistribution(RandomDistribution.uniform())
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> syntax() {
    return Arbitraries.of(SYNTAX);
  }

  private static void read(byte[] yaml) throws IOException {
    Files.write(file, yaml);
    Attempt.at(
        () -> ServeConfigReader.read(file, Map.of()), MOST_HEAP, Set.of(ConfigException.class));
  }
}
