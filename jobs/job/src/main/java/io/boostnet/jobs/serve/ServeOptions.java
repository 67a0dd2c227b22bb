package io.boostnet.jobs.serve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Gives a command an option for every {@link ConfigKey}. What is given is kept by key, unread. */
final class ServeOptions implements IModelTransformer {

  @Override
  public CommandSpec transform(CommandSpec command) {
    for (ConfigKey key : ConfigKey.values()) {
      command.addOption(option(key, key.options()));
    }
    return command;
  }

  /** The option of a key, under these names. */
  static OptionSpec option(ConfigKey key, List<String> names) {
    return OptionSpec.builder(names.toArray(String[]::new))
        .type(String.class)
        .paramLabel("<" + key.key().substring(key.key().lastIndexOf('.') + 1) + ">")
        .description(
            "%s Default: %s. [%s]"
                .formatted(key.description(), key.otherwise(), key.key())
                .replace("Default: required.", "Required."))
        .build();
  }

  /** The values that a command line gave, by key. */
  static Map<String, String> values(ParseResult given) {
    return values(given, List.of(ConfigKey.values()));
  }

  /** The values that a command line gave for these keys. */
  static Map<String, String> values(ParseResult given, List<ConfigKey> keys) {
    Map<String, String> values = new LinkedHashMap<>();
    for (ConfigKey key : keys) {
      String option = key.options().get(0);
      if (given.hasMatchedOption(option)) {
        values.put(key.key(), given.matchedOptionValue(option, ""));
      }
    }
    return values;
  }
}
