package io.boostnet.jobs.inspect;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.codec.BundleException;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.GoldenRows;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Preprocessing;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.StageTimes;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.cli.BundleArgument;
import io.boostnet.jobs.files.JsonFile;
import io.boostnet.schema.Architecture;
import io.boostnet.schema.Provenance;
import io.boostnet.schema.StageVariant;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code boostnet inspect}: what is in a bundle. */
@Command(
    name = "inspect",
    description = "Check a model bundle and show what is in it.",
    mixinStandardHelpOptions = true)
public final class InspectCommand implements Callable<Integer> {

  private static final int LISTED = 5;

  @Spec private CommandSpec spec;

  @Mixin private BundleArgument argument;

  @Option(names = "--json", description = "Print the manifest as it stands.")
  private boolean json;

  @ArgGroup(exclusive = false)
  private Check check;

  /** How the golden rows are run. */
  private static final class Check {
    @Option(
        names = "--check",
        required = true,
        description =
            "Run the bundle's golden rows and show how far the logits of each exit are from those of"
                + " the bundle.")
    private boolean asked;

    @Option(
        names = "--device",
        defaultValue = "auto",
        description = "With --check: auto, cpu, cuda or cuda:index. Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
        names = "--precision",
        defaultValue = "fp32",
        description =
            "With --check: fp32, int8 or auto, the form of the stages. Default: ${DEFAULT-VALUE}.")
    private String precision;

    @Option(
        names = "--micro-batch",
        defaultValue = "8",
        description = "With --check: rows of a full call, 1 to 256. Default: ${DEFAULT-VALUE}.")
    private int microBatch;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (check != null) {
      check(ModelBundle.read(argument.location()), out);
      return 0;
    }
    ModelBundle bundle = ModelBundle.read(argument.location()).verify();
    if (json) {
      out.println(JsonFile.indented(bundle.manifest().toString()));
    } else {
      print(bundle, out);
    }
    out.flush();
    return 0;
  }

  private void check(ModelBundle read, PrintWriter out) {
    int microBatch = MicroBatching.of(check.microBatch).size();
    Device device = Device.parse(check.device);
    ModelBundle bundle = read.served(Precision.parse(check.precision), device);
    GoldenRows golden =
        bundle
            .goldenRows()
            .orElseThrow(
                () ->
                    new BundleException(
                        "bundle %s has no golden rows; add them with boostnet golden"
                            .formatted(argument.location())));
    List<Double> differences = bundle.goldenDifferences(device, microBatch);
    out.printf(
        "%d golden rows in %s on %s, one by one and in micro-batches of %d%n",
        golden.count(), bundle.precision(), device, microBatch);
    out.printf(Locale.ROOT, "allowed        %.2e: %s%n", golden.tolerance(), golden.reason());
    for (int k = 0; k < differences.size(); k++) {
      out.printf(Locale.ROOT, "exit %d         %.2e%n", k + 1, differences.get(k));
    }
    out.flush();
    double worst = Collections.max(differences);
    if (!(worst <= golden.tolerance())) {
      throw new BundleException(
          "bundle %s gives logits that are %.3g from its golden ones, and %.3g is allowed; copy the bundle again, or serve on another device or machine"
              .formatted(argument.location(), worst, golden.tolerance()));
    }
  }

  private static void print(ModelBundle bundle, PrintWriter out) {
    Cascade cascade = bundle.cascade();
    Architecture architecture = bundle.manifest().getArchitecture();
    out.printf("%s %s%n", cascade.name(), cascade.version());
    out.printf(
        "architecture   %s %s%n",
        architecture.getFamily(), new TreeMap<>(architecture.getArguments()));
    Preprocessing image = cascade.preprocessing();
    out.printf(
        "input          %d x %d %s, resized by %s%n",
        image.width(), image.height(), image.order(), image.resize());
    out.printf(
        "classes        %d: %s%s%n",
        cascade.classes(),
        cascade.labels().stream().limit(LISTED).collect(Collectors.joining(", ")),
        cascade.classes() > LISTED ? ", ..." : "");
    Provenance provenance = bundle.manifest().getProvenance();
    out.printf("made           %s, %s", provenance.getCreatedAt(), provenance.getOrigin());
    if (!provenance.getDataSet().isEmpty()) {
      out.printf(
          ", data set %s, %d epochs, seed %d",
          provenance.getDataSet(), provenance.getEpochs(), provenance.getSeed());
    }
    out.printf("%n%n");

    List<ModelBundle> forms = timedForms(bundle);
    out.print("exit          MACs  of MACs");
    forms.forEach(form -> out.printf("  time, %s", form.precision()));
    out.println("  parameters  carried per image");
    for (Stage stage : cascade.stages()) {
      int carried =
          stage.outputs().stream().mapToInt(spec -> spec.rowBytes()).sum()
              - stage.logits().rowBytes();
      out.printf(
          Locale.ROOT,
          "%4d  %,12d  %7.3f",
          stage.index(),
          stage.cumulativeMacs(),
          cascade.costInMacs().atExit(stage.index()));
      for (ModelBundle form : forms) {
        out.printf(
            Locale.ROOT, "  %10.3f", form.cascade().cost(CostUnit.TIME).atExit(stage.index()));
      }
      out.printf("  %,10d  %,9d bytes%n", stage.cumulativeParameters(), carried);
    }
    StageTimes times = cascade.times();
    out.printf(
        "%ncosts          %s%n",
        times.isMeasured()
            ? "shares of the full network's time, in micro-batches of %d on %s"
                .formatted(times.microBatch(), times.machine())
            : "shares of the full network's operations: the bundle has no times, boostnet time measures them");
    printForms(bundle, out);
    out.println();
    out.println("Every stage was loaded: checksums, inputs and outputs are those of the manifest.");
  }

  /** The forms of the stages whose times the bundle states, that in floats first. */
  private static List<ModelBundle> timedForms(ModelBundle bundle) {
    return Stream.concat(
            Stream.of(Precision.FP32),
            bundle.manifest().getVariants().stream()
                .map(variant -> Precision.valueOf(variant.getPrecision().name())))
        .map(form -> bundle.served(form, Device.CPU))
        .filter(form -> form.cascade().times().isMeasured())
        .toList();
  }

  /** The forms of the stages beside those in floats, and which of them is the faster here. */
  private static void printForms(ModelBundle bundle, PrintWriter out) {
    for (StageVariant form : bundle.manifest().getVariants()) {
      Precision precision = Precision.valueOf(form.getPrecision().name());
      Precision served = bundle.served(Precision.AUTO, Device.CPU).precision();
      out.printf(
          "%nalso in %s; the faster form on this processor, whose golden rows hold: %s%n",
          precision, served);
    }
  }
}
