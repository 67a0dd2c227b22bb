package io.boostnet.jobs.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error where a person watches; nothing where output is redirected. */
public final class Progress {

  private Progress() {}

  /**
   * Opens a bar; the caller steps and closes it.
   *
   * @param task what is going on
   * @param total steps in all
   */
  public static ProgressBar open(String task, long total) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(500);
    if (System.console() == null) {
      builder.setConsumer(new Silence());
    }
    return builder.build();
  }

  private static final class Silence implements ProgressBarConsumer {

    @Override
    public int getMaxRenderedLength() {
      return 0;
    }

    @Override
    public void accept(String rendered) {}

    @Override
    public void close() {}
  }
}
