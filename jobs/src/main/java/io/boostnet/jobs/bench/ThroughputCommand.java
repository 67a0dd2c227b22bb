package io.boostnet.jobs.bench;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.ConfigException;
import io.boostnet.jobs.ExitOptions;
import io.boostnet.jobs.FrameFile;
import io.boostnet.jobs.JsonFile;
import io.boostnet.jobs.Progress;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench throughput}: our chain between the physical limit and what is usually written. */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Images per second of the operator chain (frames from memory, fixed thresholds) beside a bare"
          + " loop around ONNX Runtime that runs the same stages with the same exits, the full"
          + " network in the same chain, and one map function that runs the whole network.",
      "Rows take turns, round after round; ratios are taken within a round. Nothing else should run"
          + " on the machine."
    },
    footer = {
      "",
      "Example:",
      "  boostnet bench throughput --bundle jobs/demo/models/gtsrb-msdnet \\",
      "    --frames jobs/demo/frames/gtsrb.avro --mean-cost 0.5 --report throughput.json"
    })
final class ThroughputCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = "--bundle", required = true, description = "Model bundle: directory or .zip.")
  private String bundle;

  @Option(names = "--frames", required = true, description = "Frame file to classify.")
  private Path frames;

  @Mixin private ExitOptions exits;

  @Option(
      names = "--parallelism",
      description = "Threads of the loop, subtasks of the jobs. Default: ${DEFAULT-VALUE}.")
  private int parallelism = 2;

  @Option(names = "--rounds", description = "Times every row runs. Default: ${DEFAULT-VALUE}.")
  private int rounds = 7;

  @Option(
      names = "--images",
      description = "Images per row and round, after the warm-up. Default: ${DEFAULT-VALUE}.")
  private long images = 5_000;

  @Option(names = "--report", description = "File to write the report to, as JSON.")
  private Path report;

  @Override
  public Integer call() throws Exception {
    Workload work = workload();
    List<Contender> contenders = contenders(work);
    List<List<Measurement>> measured = new ArrayList<>();
    contenders.forEach(contender -> measured.add(new ArrayList<>()));
    try (ProgressBar bar = Progress.open("throughput", (long) rounds * contenders.size())) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < contenders.size(); i++) {
          bar.setExtraMessage(contenders.get(i).name());
          measured.get(i).add(contenders.get(i).run(images));
          bar.step();
        }
      }
    }
    ThroughputReport result = report(work, contenders, measured);
    spec.commandLine()
        .getOut()
        .printf(
            "%s, %s, %d threads, medians of %d rounds of %,d images%n%n%s",
            result.machine(), result.bundle(), parallelism, rounds, images, result.table());
    if (report != null) {
      JsonFile.write(report, result);
    }
    return 0;
  }

  private Workload workload() {
    ModelBundle model = ModelBundle.read(bundle).verify();
    List<ImageFrame> all = new ArrayList<>();
    try (FrameFile file = FrameFile.open(frames)) {
      file.forEachRemaining(all::add);
    }
    if (all.stream().anyMatch(frame -> frame.getLabel() == null)) {
      throw new ConfigException("The frame file " + frames + " has frames without a label.");
    }
    Thresholds thresholds = exits.thresholds(model);
    if (thresholds == null) {
      throw new ConfigException("No exits are set; give --mean-cost, or one of its alternatives.");
    }
    return new Workload(model, bundle, frames.toAbsolutePath(), all, thresholds, parallelism);
  }

  private static List<Contender> contenders(Workload work) throws Exception {
    Thresholds never = Thresholds.neverExit(1, work.thresholds().exits());
    return List.of(
        new BareLoop(work),
        new ChainRow("operator chain, early exit", work, work.thresholds(), MicroBatching.auto()),
        new ChainRow("operator chain, never exit", work, never, MicroBatching.auto()),
        new NaiveRow(work));
  }

  private ThroughputReport report(
      Workload work, List<Contender> contenders, List<List<Measurement>> measured) {
    List<ThroughputReport.Row> rows = new ArrayList<>();
    List<Measurement> limit = measured.get(0);
    for (int i = 0; i < contenders.size(); i++) {
      List<Measurement> row = measured.get(i);
      rows.add(
          new ThroughputReport.Row(
              contenders.get(i).name(),
              median(row, Measurement::imagesPerSecond),
              medianRatio(row, limit, Measurement::imagesPerSecond),
              medianRatio(row, limit, run -> 1 / run.cpuSecondsPerThousand()),
              median(row, Measurement::cpuSecondsPerThousand),
              median(row, Measurement::accuracy)));
    }
    return new ThroughputReport(
        Machine.describe(),
        work.bundle().cascade().name(),
        Arrays.stream(work.thresholds().toArray()).boxed().toList(),
        parallelism,
        rounds,
        images,
        rows);
  }

  private static double median(List<Measurement> row, ToDoubleFunction<Measurement> figure) {
    return median(row.stream().mapToDouble(figure).toArray());
  }

  private static double medianRatio(
      List<Measurement> row, List<Measurement> limit, ToDoubleFunction<Measurement> figure) {
    double[] ratios = new double[row.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = figure.applyAsDouble(row.get(round)) / figure.applyAsDouble(limit.get(round));
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
