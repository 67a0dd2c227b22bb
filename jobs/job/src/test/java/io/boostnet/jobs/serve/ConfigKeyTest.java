package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The list of keys, the records that hold their values, and the page that describes them. */
class ConfigKeyTest {

  private static final Path PAGE = Path.of("..", "docs", "configuration.md");
  private static final Path WRITTEN = Path.of("target", "configuration.md");

  @Test
  void keys_andRecords_areTheSame() {
    List<String> held = new ArrayList<>();
    collect("", ServeConfig.class, held);

    assertThat(Arrays.stream(ConfigKey.values()).map(ConfigKey::key))
        .containsExactlyInAnyOrderElementsOf(held);
  }

  @Test
  void defaults_toldInWords_areThoseOfTheRecords() {
    ServeConfig config =
        ServeConfigReader.read(
            null, Map.of("bundle", "b", "kafka.bootstrapServers", "localhost:9092"));

    assertThat(ConfigKey.PIPELINE.otherwise()).isEqualTo(config.pipeline());
    KafkaConfig kafka = config.kafka();
    assertThat(ConfigKey.GROUP_ID.otherwise()).isEqualTo(kafka.groupId());
    assertThat(ConfigKey.PARTITIONS.otherwise()).isEqualTo("" + kafka.partitions());
    assertThat(StartOffsets.of(ConfigKey.START.otherwise())).isEqualTo(kafka.start());
    assertThat(StopOffsets.of(ConfigKey.STOP.otherwise())).isEqualTo(kafka.stop());
    assertThat(Delivery.of(ConfigKey.DELIVERY.otherwise())).isEqualTo(kafka.delivery());
    assertThat(ConfigKey.FRAMES.otherwise()).isEqualTo(kafka.topics().frames());
    assertThat(ConfigKey.PREDICTIONS.otherwise()).isEqualTo(kafka.topics().predictions());
    assertThat(ConfigKey.DEAD_LETTERS.otherwise()).isEqualTo(kafka.topics().deadLetters());
    assertThat(ConfigKey.CONTROL_EVENTS.otherwise()).isEqualTo(kafka.topics().controlEvents());
    InferenceConfig inference = config.inference();
    assertThat(Double.valueOf(ConfigKey.AUDIT.otherwise())).isEqualTo(inference.audit());
    assertThat(ConfigKey.LINGER_MS.otherwise()).isEqualTo("" + inference.lingerMs());
    assertThat(
            inference(
                ConfigKey.ORDER,
                ConfigKey.MICRO_BATCH,
                ConfigKey.DEVICE,
                ConfigKey.PRECISION,
                ConfigKey.TRACK,
                ConfigKey.TRACK_SKIP,
                ConfigKey.UNCHANGED_SILENCE_MS))
        .isEqualTo(inference);
    assertThat(ConfigKey.EVENTS_ENTER.otherwise()).isEqualTo(config.events().enter());
    assertThat(ConfigKey.EVENTS_SHORTEST_MS.otherwise())
        .isEqualTo("" + config.events().shortestMs());
    assertThat(ConfigKey.EVENTS_IMAGE_BYTES.otherwise())
        .isEqualTo("" + config.events().imageBytes());
    assertThat(ConfigKey.CHECKPOINT_INTERVAL_MS.otherwise())
        .isEqualTo("" + config.job().checkpointIntervalMs());
  }

  /** The configuration where the defaults of these keys, as told, are given. */
  private static InferenceConfig inference(ConfigKey... keys) {
    Map<String, String> values = new HashMap<>();
    values.put("bundle", "b");
    values.put("kafka.bootstrapServers", "localhost:9092");
    Arrays.stream(keys).forEach(key -> values.put(key.key(), key.otherwise()));
    return ServeConfigReader.read(null, values).inference();
  }

  @Test
  void page_ofTheDocs_isMadeOfTheKeys() throws IOException {
    Files.createDirectories(WRITTEN.getParent());
    Files.writeString(WRITTEN, page());

    assertThat(PAGE).as("copy %s there", WRITTEN.toAbsolutePath()).hasSameTextualContentAs(WRITTEN);
  }

  private static void collect(String prefix, Class<?> type, List<String> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      Class<?> value = component.getType();
      String key = prefix + component.getName();
      boolean holdsKeys =
          value.getPackageName().startsWith("io.boostnet.jobs")
              && value.isRecord()
              && Arrays.stream(value.getDeclaredMethods())
                  .noneMatch(
                      method ->
                          method.isAnnotationPresent(
                              com.fasterxml.jackson.annotation.JsonCreator.class));
      if (holdsKeys) {
        collect(key + ".", value, keys);
      } else {
        keys.add(key);
      }
    }
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Configuration of the Kafka job

            Every key of `serve.yaml`, and the option of `./boostnet serve` that overrides it. A
            key that is unknown, given twice or out of range ends with one sentence before
            anything is created. This page is made of `ConfigKey`; a test keeps it so.

            | key | option | default | what it is |
            |---|---|---|---|
            """);
    for (ConfigKey key : ConfigKey.values()) {
      page.append(
          "| `%s` | `%s` | %s | %s%s |%n"
              .formatted(
                  key.key(),
                  String.join("`, `", key.options()),
                  key.otherwise(),
                  key.description().replace("<", "\\<"),
                  key.isList() ? " A list." : ""));
    }
    return page.toString();
  }
}
