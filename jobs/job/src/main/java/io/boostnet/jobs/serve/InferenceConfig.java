package io.boostnet.jobs.serve;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Priorities;
import io.boostnet.flink.options.Tracking;
import io.boostnet.jobs.config.ExitThresholds;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * How frames are classified. Immutable; {@link #DEFAULT} and the methods that change one value make
 * what is not read from a file.
 *
 * @param thresholds one per exit, the last 0
 * @param exitShares in place of thresholds: the share of frames meant to leave at each exit, turned
 *     into thresholds on the bundle's calibration evidence
 * @param meanCost in place of thresholds: the mean cost per frame, as a share of the full
 *     network's, solved on the bundle's calibration evidence
 * @param budget in place of thresholds: what a frame may cost; a controller moves the thresholds
 * @param audit share of the early exits that also run to the last exit, to tell how often the two
 *     agree, 0..1, under a deadline 0; default 0
 * @param topK how many of the most probable classes a prediction names, at least 1; default 1
 * @param order default unordered
 * @param microBatch rows of a call of the network, {@link MicroBatching#AUTO} or 1 .. 256; default
 *     auto
 * @param lingerMs longest wait for a micro-batch to fill on a busy thread, in milliseconds; default
 *     5
 * @param device auto, cpu, cuda or cuda:index; default auto
 * @param precision auto, fp32 or int8; default auto
 * @param cost what costs and budgets count in, time or macs; default time
 * @param track what names a frame's track: none, source or header:NAME; default none
 * @param trackSkip frames of a track that inherit once it is sure, 0 .. 100; default 0
 * @param unchanged largest difference of a block's mean, in levels of a pixel, at which a frame
 *     inherits, above 0 and at most 255; default never
 * @param unchangedSilenceMs after so long a frame is run whatever its pixels, in milliseconds;
 *     default 10,000
 * @param priorities which sources matter more than others, each as PATTERN=WEIGHT or
 *     PATTERN=WEIGHT:FLOOR; default none
 */
public record InferenceConfig(
    List<Double> thresholds,
    List<Double> exitShares,
    Double meanCost,
    Budget budget,
    Double audit,
    Integer topK,
    OutputOrder order,
    @JsonDeserialize(using = ConfigText.Rows.class) Integer microBatch,
    Integer lingerMs,
    Device device,
    Precision precision,
    CostUnit cost,
    String track,
    Integer trackSkip,
    Double unchanged,
    Integer unchangedSilenceMs,
    List<String> priorities) {

  /** No early exit, one class a prediction. */
  public static final InferenceConfig DEFAULT =
      new InferenceConfig(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null);

  public InferenceConfig {
    thresholds = thresholds == null ? null : List.copyOf(thresholds);
    exitShares = exitShares == null ? null : List.copyOf(exitShares);
    boolean fixed = new ExitThresholds(thresholds, exitShares, meanCost).isSet();
    if (fixed && budget != null) {
      throw new IllegalArgumentException(
          "inference.budget and fixed thresholds are both set; keep one of them");
    }
    audit = audit == null ? 0 : audit;
    if (!(audit >= 0 && audit <= 1)) {
      throw new IllegalArgumentException("inference.audit is " + audit + "; it is a share, 0 to 1");
    }
    topK = topK == null ? 1 : topK;
    Require.range("inference.topK", topK, 1, 100_000);
    order = order == null ? OutputOrder.UNORDERED : order;
    microBatch = microBatch == null ? MicroBatching.AUTO : microBatch;
    Require.range("inference.microBatch", microBatch, MicroBatching.AUTO, MicroBatching.MAX_SIZE);
    lingerMs = lingerMs == null ? (int) MicroBatching.auto().linger().toMillis() : lingerMs;
    Require.range("inference.lingerMs", lingerMs, 0, 60_000);
    device = device == null ? Device.parse("auto") : device;
    precision = precision == null ? Precision.parse("auto") : precision;
    cost = cost == null ? CostUnit.TIME : cost;
    track = track == null ? "none" : track;
    trackSkip = trackSkip == null ? 0 : trackSkip;
    if (unchanged != null && !(unchanged > 0 && unchanged <= 255)) {
      throw new IllegalArgumentException(
          "inference.unchanged is "
              + unchanged
              + "; above 0 and at most 255 levels of a pixel are needed, or leave it out");
    }
    unchangedSilenceMs =
        unchangedSilenceMs == null ? (int) Tracking.NONE.silence().toMillis() : unchangedSilenceMs;
    Require.range("inference.unchangedSilenceMs", unchangedSilenceMs, 0, 86_400_000);
    priorities = priorities == null ? List.of() : List.copyOf(priorities);
    try {
      Priorities.parse(priorities);
      tracking(track, trackSkip, unchanged, unchangedSilenceMs);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("inference." + e.getMessage(), e);
    }
  }

  private static Tracking tracking(String track, int skip, Double unchanged, int silenceMs) {
    return Tracking.parse(track)
        .skipping(skip)
        .unchangedWithin(unchanged == null ? 0 : unchanged, Duration.ofMillis(silenceMs));
  }

  /** The same with thresholds that never change, in place of a budget. */
  public InferenceConfig withThresholds(double... values) {
    return changed(
        copy -> {
          copy.constant(Arrays.stream(values).boxed().toList());
          copy.budget = null;
        });
  }

  /** The same with a budget, in place of thresholds. */
  public InferenceConfig withBudget(Budget newBudget) {
    return changed(
        copy -> {
          copy.constant(null);
          copy.budget = newBudget;
        });
  }

  /** The same with an audit. */
  public InferenceConfig withAudit(double share) {
    return changed(copy -> copy.audit = share);
  }

  /** The same with more classes a prediction. */
  public InferenceConfig withTopK(int classes) {
    return changed(copy -> copy.topK = classes);
  }

  /** The same with calls of that many rows. */
  public InferenceConfig withMicroBatch(int rows) {
    return changed(copy -> copy.microBatch = rows);
  }

  /** The same on a device, in a form of the stages. */
  public InferenceConfig on(Device newDevice, Precision newPrecision) {
    return changed(
        copy -> {
          copy.device = newDevice;
          copy.precision = newPrecision;
        });
  }

  /** The same with costs in a unit. */
  public InferenceConfig withCost(CostUnit unit) {
    return changed(copy -> copy.cost = unit);
  }

  /** The same with tracks, of which so many frames are skipped once one is sure. */
  public InferenceConfig withTracks(String newTrack, int newSkip) {
    return changed(
        copy -> {
          copy.track = newTrack;
          copy.trackSkip = newSkip;
        });
  }

  /** The same with frames that inherit where no block differs by more than so many levels. */
  public InferenceConfig withUnchanged(double levels, int silenceMs) {
    return changed(
        copy -> {
          copy.unchanged = levels;
          copy.unchangedSilenceMs = silenceMs;
        });
  }

  /** The same with priorities of sources. */
  public InferenceConfig withPriorities(String... newPriorities) {
    return changed(copy -> copy.priorities = List.of(newPriorities));
  }

  private InferenceConfig changed(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.toConfig();
  }

  /** Tracks and what does not change for the library. */
  public Tracking tracking() {
    return tracking(track, trackSkip, unchanged, unchangedSilenceMs);
  }

  /** Which sources matter more, for the library. */
  public Priorities sourcePriorities() {
    return Priorities.parse(priorities);
  }

  /** Size and linger for the library. */
  public MicroBatching batching() {
    return new MicroBatching(microBatch, Duration.ofMillis(lingerMs));
  }

  /** The values, to be changed one by one. */
  private static final class Copy {
    private List<Double> thresholds;
    private List<Double> exitShares;
    private Double meanCost;
    private Budget budget;
    private Double audit;
    private Integer topK;
    private OutputOrder order;
    private Integer microBatch;
    private Integer lingerMs;
    private Device device;
    private Precision precision;
    private CostUnit cost;
    private String track;
    private Integer trackSkip;
    private Double unchanged;
    private Integer unchangedSilenceMs;
    private List<String> priorities;

    Copy(InferenceConfig of) {
      thresholds = of.thresholds;
      exitShares = of.exitShares;
      meanCost = of.meanCost;
      budget = of.budget;
      audit = of.audit;
      topK = of.topK;
      order = of.order;
      microBatch = of.microBatch;
      lingerMs = of.lingerMs;
      device = of.device;
      precision = of.precision;
      cost = of.cost;
      track = of.track;
      trackSkip = of.trackSkip;
      unchanged = of.unchanged;
      unchangedSilenceMs = of.unchangedSilenceMs;
      priorities = of.priorities;
    }

    void constant(List<Double> values) {
      thresholds = values;
      exitShares = null;
      meanCost = null;
    }

    InferenceConfig toConfig() {
      return new InferenceConfig(
          thresholds,
          exitShares,
          meanCost,
          budget,
          audit,
          topK,
          order,
          microBatch,
          lingerMs,
          device,
          precision,
          cost,
          track,
          trackSkip,
          unchanged,
          unchangedSilenceMs,
          priorities);
    }
  }
}
