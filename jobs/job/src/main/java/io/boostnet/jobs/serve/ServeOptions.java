package io.boostnet.jobs.serve;

import java.util.LinkedHashMap;
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
      command.addOption(
          OptionSpec.builder(key.options().toArray(String[]::new))
              .type(String.class)
              .paramLabel("<" + key.key().substring(key.key().lastIndexOf('.') + 1) + ">")
              .description(
                  "%s Default: %s. [%s]"
                      .formatted(key.description(), key.otherwise(), key.key())
                      .replace("Default: required.", "Required."))
              .build());
    }
    return command;
  }

  /** The values that a command line gave, by key. */
  static Map<String, String> values(ParseResult given) {
    Map<String, String> values = new LinkedHashMap<>();
    for (ConfigKey key : ConfigKey.values()) {
      String option = key.options().get(0);
      if (given.hasMatchedOption(option)) {
        values.put(key.key(), given.matchedOptionValue(option, ""));
      }
    }
    return values;
  }
}
