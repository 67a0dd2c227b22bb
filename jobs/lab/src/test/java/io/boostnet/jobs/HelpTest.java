package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.lab.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class HelpTest {

  /** A percent sign in a description must be written twice; picocli warns of one that is not. */
  @Test
  void help_ofEveryCommand_printsWithoutWarning() {
    PrintStream before = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
    try {
      assertHelps(Main.commandLine());
    } finally {
      System.setErr(before);
    }
    assertThat(warnings.toString(StandardCharsets.UTF_8)).doesNotContain("picocli");
  }

  private static void assertHelps(CommandLine command) {
    assertThat(command.getUsageMessage())
        .contains("Usage: " + command.getCommandSpec().qualifiedName());
    command.getSubcommands().values().forEach(HelpTest::assertHelps);
  }
}
