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

  /** Runs a command of the job jar. */
  public static CommandResult of(Object... arguments) {
    return of(Main.commandLine(), arguments);
  }

  /** Runs a command of another command line. */
  public static CommandResult of(CommandLine line, Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
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
