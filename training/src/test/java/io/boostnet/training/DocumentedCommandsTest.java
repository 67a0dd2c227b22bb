package io.boostnet.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.docs.Documents;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the pages say can be typed. */
class DocumentedCommandsTest {

  @Test
  void commands_ofEveryPage_parse() {
    var ours = Main.commandLine().getSubcommands().keySet();
    List<Documents.Command> documented =
        Documents.commands(Path.of("..").toAbsolutePath().normalize()).stream()
            .filter(command -> !command.words().isEmpty())
            .filter(command -> ours.contains(command.words().get(0)))
            .toList();

    assertThat(documented).hasSizeGreaterThan(5);
    assertThat(documented)
        .flatMap(c -> c.complaint(Main.commandLine()).stream().toList())
        .isEmpty();
  }
}
