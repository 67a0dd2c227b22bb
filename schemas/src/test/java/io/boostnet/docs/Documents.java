package io.boostnet.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The pages of the project, and the commands that they tell a person to type. */
public final class Documents {

  private static final Pattern TYPED = Pattern.compile("\\./boostnet ((?:[^`#|;&>\\n]|>(?! ))*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private Documents() {}

  /**
   * A command of a page.
   *
   * @param page where it stands
   * @param words without {@code ./boostnet}
   */
  public record Command(Path page, List<String> words) {

    /** Whether a person has to fill something in, so that values cannot be judged. */
    public boolean hasPlaceholders() {
      return words.stream().anyMatch(word -> word.matches(".*([<$\\[]|\\.\\.\\.).*"));
    }

    /**
     * What a command line says against it: a command or an option that it has not, or a value that
     * it does not take. Empty where it would run; options that are only missing are no complaint,
     * since a page may speak of a command without them.
     */
    public Optional<String> complaint(CommandLine line) {
      try {
        if (hasPlaceholders()) {
          namesAreKnown(line);
        } else {
          line.parseArgs(words.toArray(String[]::new));
        }
        return Optional.empty();
      } catch (CommandLine.MissingParameterException e) {
        return Optional.empty();
      } catch (CommandLine.ParameterException e) {
        return Optional.of(this + ": " + e.getMessage());
      }
    }

    private void namesAreKnown(CommandLine line) {
      CommandLine command = line;
      for (String word : words) {
        if (word.equals("--")) {
          return;
        }
        if (command.getSubcommands().containsKey(word)) {
          command = command.getSubcommands().get(word);
        } else if (word.startsWith("-")
            && !command.getCommandSpec().optionsMap().containsKey(word.replaceAll("=.*", ""))) {
          throw new CommandLine.ParameterException(command, "no option " + word);
        }
      }
    }

    @Override
    public String toString() {
      return page + ": ./boostnet " + String.join(" ", words);
    }
  }

  /** All Markdown files below a folder, but for what is built. */
  public static List<Path> pages(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".md"))
          .filter(
              file ->
                  !root.relativize(file).toString().matches("(.*/)?(target|runs|node_modules)/.*"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every command on the pages below a folder. */
  public static List<Command> commands(Path root) {
    List<Command> commands = new ArrayList<>();
    for (Path page : pages(root)) {
      Matcher typed = TYPED.matcher(text(page).replaceAll("\\\\\\n", " "));
      while (typed.find()) {
        commands.add(new Command(root.relativize(page), words(typed.group(1))));
      }
    }
    return commands;
  }

  private static String text(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> words(String typed) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(typed);
    while (word.find()) {
      words.add(word.group().replaceAll("^[\"']|[\"']$", ""));
    }
    return words;
  }
}
