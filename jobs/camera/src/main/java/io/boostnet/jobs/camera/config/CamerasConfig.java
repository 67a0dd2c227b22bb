package io.boostnet.jobs.camera.config;

import io.boostnet.jobs.format.FieldPointers;
import io.boostnet.jobs.serve.KafkaConfig;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code boostnet camera} is told: the keys of its YAML file, with their defaults. Immutable.
 *
 * @param kafka where the frames go: the job's own keys, of which those of the frames count; null
 *     where nothing is published
 * @param cameras by name; at least one
 * @param progressSeconds between two lines of progress, 1 .. 86,400; default 10
 * @param metricsPort where Prometheus asks, 0 for any; default none
 */
public record CamerasConfig(
    KafkaConfig kafka,
    Map<String, CameraConfig> cameras,
    Integer progressSeconds,
    Integer metricsPort) {

  public CamerasConfig {
    if (cameras == null || cameras.isEmpty()) {
      throw new IllegalArgumentException("cameras is not set; name at least one, with its input");
    }
    cameras = Collections.unmodifiableMap(new LinkedHashMap<>(cameras));
    cameras.forEach(
        (name, camera) -> {
          CameraConfig.requireName("camera", name);
          if (camera == null) {
            throw new IllegalArgumentException(
                "cameras.%s is empty; give its input".formatted(name));
          }
        });
    if (kafka != null && kafka.topics().frameTopics().size() != 1) {
      throw new IllegalArgumentException(
          "kafka.topics.frames is %s; name the one topic that cameras publish to"
              .formatted(kafka.topics().frames()));
    }
    if (kafka != null && !kafka.format().fields().equals(FieldPointers.DEFAULT)) {
      throw new IllegalArgumentException(
          "kafka.format.fields names fields of your own, and cameras write the default names; leave it out");
    }
    progressSeconds = progressSeconds == null ? 10 : progressSeconds;
    if (progressSeconds < 1 || progressSeconds > 86_400) {
      throw new IllegalArgumentException(
          "progressSeconds is %d; give 1 to 86400".formatted(progressSeconds));
    }
    if (metricsPort != null && (metricsPort < 0 || metricsPort > 65_535)) {
      throw new IllegalArgumentException(
          "metricsPort is %d; give 0 to 65535".formatted(metricsPort));
    }
  }
}
