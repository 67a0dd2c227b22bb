package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.docs.Documents;
import io.boostnet.jobs.lab.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The pages of the project lead where they say, and say what can be typed. */
class DocumentationTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LONGEST_LINE = 120;
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?[^)]*\\)");

  @Test
  void links_ofEveryPage_leadToFilesAndHeadings() throws IOException {
    List<String> dead = new ArrayList<>();
    int links = 0;
    for (Path page : Documents.pages(ROOT)) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        links++;
        Path target =
            link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
        if (!link.group(1).contains("://")
            && (!Files.exists(target)
                || link.group(2) != null && !anchors(target).contains(link.group(2)))) {
          dead.add("%s: %s".formatted(ROOT.relativize(page), link.group()));
        }
      }
    }

    assertThat(links).isGreaterThan(50);
    assertThat(dead).isEmpty();
  }

  @Test
  void commands_ofEveryPage_parse() throws IOException {
    CommandLine ours = Main.commandLine();
    Set<String> trainings = commandsOfTraining();
    List<String> wrong = new ArrayList<>();
    int parsed = 0;
    for (Documents.Command command : Documents.commands(ROOT)) {
      String name = command.words().isEmpty() ? "" : command.words().get(0);
      if (ours.getSubcommands().containsKey(name)) {
        parsed++;
        command.complaint(Main.commandLine()).ifPresent(wrong::add);
      } else if (!name.startsWith("-") && !name.startsWith("<") && !trainings.contains(name)) {
        wrong.add(command + ": no such command");
      }
    }

    assertThat(parsed).isGreaterThan(20);
    assertThat(wrong).isEmpty();
  }

  @Test
  void lines_ofEveryPage_fitAScreen() throws IOException {
    List<String> wide = new ArrayList<>();
    for (Path page : Documents.pages(ROOT)) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        boolean cannotBreak = line.matches("\\s*([-*] )?(\\||!\\[|\\[[^]]*]\\(\\S*\\)\\S*$).*");
        if (!cannotBreak && line.codePointCount(0, line.length()) > LONGEST_LINE) {
          wide.add("%s:%d".formatted(ROOT.relativize(page), i + 1));
        }
      }
    }

    assertThat(wide).isEmpty();
  }

  @Test
  void help_listsEveryCommandThatTheLauncherKnows() throws IOException {
    String help = Main.commandLine().getUsageMessage();

    assertThat(commandsOfTraining()).allSatisfy(name -> assertThat(help).contains("  " + name));
  }

  /** As the launcher knows them: this module does not see the other's classes. */
  private static Set<String> commandsOfTraining() throws IOException {
    Matcher names =
        Pattern.compile("(?m)^ *([a-z |\\\\\\n]+)\\)\\s+module=training ")
            .matcher(Files.readString(ROOT.resolve("boostnet")));
    assertThat(names.find()).isTrue();
    return Arrays.stream(names.group(1).split("[ |\\\\\\n]+")).collect(Collectors.toSet());
  }

  private static List<String> anchors(Path page) throws IOException {
    if (!page.toString().endsWith(".md")) {
      return List.of();
    }
    return Files.readAllLines(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }
}
