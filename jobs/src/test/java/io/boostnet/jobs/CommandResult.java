package io.boostnet.jobs;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command came to, run in this JVM.
 *
 * @param code its exit code
 * @param out what it printed
 * @param err what it complained about
 */
public record CommandResult(int code, String out, String err) {

  /** Runs a command. */
  public static CommandResult of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int code = line.execute(words);
    return new CommandResult(code, out.toString(), err.toString());
  }
}
