package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OutputTest {

  @Test
  void inspect_deviceIsFull_exitsWithOneAndSaysWhy() throws Exception {
    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"))) {
      StringWriter err = new StringWriter();
      CommandLine line = Main.commandLine();
      line.setOut(new PrintWriter(full, true)).setErr(new PrintWriter(err, true));
      int code = Main.run(line, "inspect", TestBundle.DIRECTORY.toString());
      assertThat(code).isEqualTo(1);
      assertThat(err.toString())
          .isEqualToIgnoringNewLines(
              "boostnet: The output could not be written: is the disk full, or the reader gone?");
    }
  }

  @Test
  void command_misspelt_isAnsweredWithTheNearest() {
    CommandResult result = CommandResult.of("acounts");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).contains("'acounts'; did you mean accounts");
  }
}
