package io.boostnet.jobs.bench;

import io.boostnet.jobs.demo.EventTrial;
import io.boostnet.jobs.trial.AutoscalingTrial;
import io.boostnet.jobs.trial.BudgetTrial;
import io.boostnet.jobs.trial.BurstTrial;
import io.boostnet.jobs.trial.CameraTrial;
import io.boostnet.jobs.trial.DeadlineTrial;
import io.boostnet.jobs.trial.StepTrial;
import io.boostnet.jobs.trial.TrackTrial;
import picocli.CommandLine.Command;

/** {@code bench}: the benchmarks, each a subcommand. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Benchmarks. Figures are ratios within one run; absolute rates are the machine's.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ReportCommand.class,
      SoakCommand.class,
      OverheadCommand.class,
      ImagesCommand.class,
      FormatsCommand.class,
      BurstTrial.class,
      StepTrial.class,
      BudgetTrial.class,
      DeadlineTrial.class,
      CameraTrial.class,
      TrackTrial.class,
      EventTrial.class,
      AutoscalingTrial.class
    })
public final class BenchCommand {}
