package io.boostnet.jobs.evaluate;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.cli.BundleArgument;
import io.boostnet.jobs.cli.CostOptions;
import io.boostnet.jobs.cli.ExitOptions;
import io.boostnet.jobs.cli.PrecisionOptions;
import io.boostnet.jobs.cli.Progress;
import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.EvidenceFile;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.jobs.load.CorruptionOptions;
import io.boostnet.jobs.load.Corruptor;
import io.boostnet.schema.ExitEvidence;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet evaluate}: a bundle on a frame file, outside of Flink. */
@Command(
    name = "evaluate",
    description = "Run a bundle on a frame file: accuracy at every exit, and at thresholds.",
    mixinStandardHelpOptions = true)
public final class EvaluateCommand implements Callable<Integer> {

  private static final int MOST_LISTED = 10;

  @Spec private CommandSpec spec;

  @Mixin private BundleArgument bundle;

  @Option(names = "--frames", required = true, description = "Frame file (.avro).")
  private Path frames;

  @Mixin private ExitOptions exits;

  @Option(
      names = "--micro-batch",
      description = "Frames of a call of the network. Default: ${DEFAULT-VALUE}.")
  private int microBatch = 8;

  @Option(names = "--limit", description = "Frames to judge at most. Default: all of the file.")
  private int limit = Integer.MAX_VALUE;

  @Option(
      names = "--device",
      description = "auto, cpu, cuda or cuda:index. Default: ${DEFAULT-VALUE}.")
  private String device = "auto";

  @Option(
      names = "--tracks",
      description =
          "Take each source for a track, and tell what filter and skip of 'inference.track' give.")
  private boolean tracks;

  @Mixin private PrecisionOptions form;

  @Mixin private CostOptions cost;

  @Mixin private CorruptionOptions corruption;

  @Option(
      names = "--write-evidence",
      description =
          "Write what every exit says of the labelled frames to this evidence file (.avro), for"
              + " 'replay'.")
  private Path evidence;

  @Option(
      names = "--predictions",
      description =
          "Write a line per frame to this CSV file: where it leaves, and its class there.")
  private Path predictions;

  @Option(names = "--report", description = "Write the results to this file, as JSON.")
  private Path report;

  @Option(names = "--plot", description = "Draw accuracy against cost into this PNG file.")
  private Path plot;

  @Override
  public Integer call() throws IOException, InferenceException {
    ModelBundle read =
        ModelBundle.read(bundle.location()).served(form.precision(), parseDevice()).verify();
    Thresholds thresholds = exits.thresholds(read, cost.unit());
    List<ExitRecord> records = new ArrayList<>();
    Decoding decoding = run(read, records);
    if (records.isEmpty()) {
      throw new ConfigException(
          "No frame of %s can be classified; the first is frame %s."
              .formatted(frames, decoding.rejections().get(0)));
    }
    EvaluationReport result =
        EvaluationReport.of(
            read.cascade(), cost.unit(), records, decoding.rejections().size(), thresholds);
    print(result);
    print(decoding);
    if (tracks) {
      printTracks(read.cascade(), records, thresholds);
    }
    if (predictions != null) {
      writePredictions(
          records,
          thresholds == null ? Thresholds.neverExit(0, read.cascade().exits()) : thresholds);
    }
    if (evidence != null) {
      writeEvidence(records);
    }
    if (report != null) {
      JsonFile.write(report, result);
    }
    if (plot != null) {
      if (result.labelled() == 0) {
        throw new ConfigException("No frame of " + frames + " has a label; there is no accuracy.");
      }
      EvaluationPlot.write(plot, result);
    }
    return 0;
  }

  /** What was told of frames: those that were rejected, each with why, and those with a flaw. */
  private record Decoding(List<String> rejections, long flawed) {}

  private Decoding run(ModelBundle read, List<ExitRecord> records)
      throws IOException, InferenceException {
    if (microBatch < 1 || microBatch > MicroBatching.MAX_SIZE) {
      throw new ConfigException(
          "--micro-batch is %d; allowed are 1 to %d."
              .formatted(microBatch, MicroBatching.MAX_SIZE));
    }
    if (limit < 1) {
      throw new ConfigException("--limit is " + limit + "; it must be at least 1.");
    }
    long count = Math.min(limit, FrameFile.count(frames));
    try (OfflineCascade offline =
            new OfflineCascade(read, parseDevice(), microBatch, records::add);
        Corruptor corruptor =
            corruption.corruption() == null
                ? null
                : new Corruptor(corruption.corruption(), corruption.seed());
        FrameFile file = FrameFile.open(frames);
        ProgressBar bar = Progress.open("evaluate", count)) {
      if (tracks) {
        offline.keepLogits();
      }
      LabelSet labels = new LabelSet(read.cascade().labels(), file.classes(), frames);
      labels.differences().ifPresent(spec.commandLine().getErr()::println);
      for (long done = 0; done < count && file.hasNext(); done++) {
        ImageFrame frame = file.next();
        labels.check(frame);
        if (corruptor != null) {
          corruptor.corrupt(frame);
        }
        offline.add(frame);
        bar.step();
      }
      offline.flush();
      return new Decoding(offline.rejections(), offline.flawed());
    }
  }

  private void print(Decoding decoding) {
    PrintWriter out = spec.commandLine().getOut();
    if (decoding.flawed() > 0) {
      out.printf(
          "%n%d images break their format's rules where no pixel depends on it%n",
          decoding.flawed());
    }
    List<String> rejections = decoding.rejections();
    if (!rejections.isEmpty()) {
      out.printf("%nrejected:%n");
      rejections.stream().limit(MOST_LISTED).forEach(why -> out.println("  frame " + why));
      if (rejections.size() > MOST_LISTED) {
        out.printf("  and %d more%n", rejections.size() - MOST_LISTED);
      }
    }
    out.flush();
  }

  private void printTracks(Cascade cascade, List<ExitRecord> records, Thresholds thresholds) {
    List<ExitRecord> labelled = records.stream().filter(ExitRecord::isLabelled).toList();
    if (labelled.isEmpty()) {
      throw new ConfigException("No frame of " + frames + " has a label; there is no accuracy.");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%n%d tracks%n%n%-16s  cost   run  accuracy  against alone, 95 %%  events right of  changes  precision  recall  delay p50 p95%n",
        labelled.stream().map(ExitRecord::sourceId).distinct().count(), "judged");
    for (TrackEvaluation row :
        TrackEvaluation.table(
            cascade.cost(cost.unit()),
            labelled,
            thresholds == null ? Thresholds.neverExit(0, cascade.exits()) : thresholds)) {
      out.printf(
          Locale.ROOT,
          "%-16s %5.3f %5.3f  %8s     %+.2f +- %.2f      %6d %5d %8d  %9s %8s  %9d %3d%n",
          row.name(),
          row.cost(),
          row.ran(),
          percent(row.accuracy()),
          100 * row.gain(),
          100 * row.gainError(),
          row.events().events(),
          row.events().right(),
          row.events().changes(),
          percent(row.events().precision()),
          percent(row.events().recall()),
          row.events().delay(0.5),
          row.events().delay(0.95));
    }
    out.flush();
  }

  private Device parseDevice() {
    try {
      return Device.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("The " + e.getMessage() + ".", e);
    }
  }

  private void print(EvaluationReport result) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s %s: %d frames, %d labelled, %d rejected; costs in %s%n%n",
        result.bundle(),
        result.bundleVersion(),
        result.frames(),
        result.labelled(),
        result.rejected(),
        result.costUnit());
    out.println("exit   cost  accuracy  confidence");
    for (EvaluationReport.Exit exit : result.anytime()) {
      out.printf(
          Locale.ROOT,
          "%4d  %5.3f  %8s  %10.4f%n",
          exit.exit(),
          exit.cost(),
          percent(exit.accuracy()),
          exit.meanConfidence());
    }
    EvaluationReport.BudgetedBatch batch = result.budgetedBatch();
    if (batch != null) {
      StringBuilder shares = new StringBuilder();
      for (double share : batch.exitShares()) {
        shares.append(shares.isEmpty() ? "" : " / ").append("%.1f".formatted(100 * share));
      }
      out.printf(
          Locale.ROOT,
          "%nbudgeted batch: accuracy %s at mean cost %.3f; leaving at each exit: %s %%%n",
          percent(batch.accuracy()),
          batch.meanCost(),
          shares);
    }
    out.flush();
  }

  private void writeEvidence(List<ExitRecord> records) {
    List<ExitEvidence> images =
        records.stream().filter(ExitRecord::isLabelled).map(ExitRecord::evidence).toList();
    if (images.isEmpty()) {
      throw new ConfigException("No frame of " + frames + " has a label; there is no evidence.");
    }
    EvidenceFile.write(evidence, images);
  }

  private static String percent(Double share) {
    return share == null ? "-" : "%.2f %%".formatted(100 * share);
  }

  private void writePredictions(List<ExitRecord> records, Thresholds thresholds) {
    try (PrintWriter csv = new PrintWriter(Files.newBufferedWriter(predictions))) {
      csv.println("sourceId,sequence,exit,label,confidence");
      for (ExitRecord record : records) {
        int exit = record.exitAt(thresholds);
        csv.printf(
            Locale.ROOT,
            "\"%s\",%d,%d,%d,%s%n",
            record.sourceId().replace("\"", "\"\""),
            record.sequence(),
            exit,
            record.label()[exit - 1],
            record.confidence()[exit - 1]);
      }
    } catch (IOException e) {
      throw new ConfigException("The file " + predictions + " cannot be written (" + e + ").", e);
    }
  }
}
