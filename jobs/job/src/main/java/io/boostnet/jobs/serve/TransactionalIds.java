package io.boostnet.jobs.serve;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names of Kafka transactions. Two producers with one id fence each other, so that two jobs must
 * never have one. The names may change from build to build: a state knows the ids of its own open
 * transactions, and the prefix of those that it may have to abort.
 */
@FunctionalInterface
interface TransactionalIds {

  /**
   * Pipeline, group, frames topic and the sink's topic, separated by what none of them holds:
   * whatever two jobs have in common, they differ in one of the four or are the same job.
   */
  TransactionalIds CURRENT =
      (config, topic) ->
          Stream.of(
                  config.pipeline(),
                  config.kafka().groupId(),
                  config.kafka().topics().frames(),
                  topic)
              .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8))
              .collect(Collectors.joining("/"));

  /** The prefix of a sink's ids. */
  String prefix(ServeConfig config, String topic);
}
