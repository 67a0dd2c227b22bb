package io.boostnet.jobs.serve;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.jobs.config.ExitThresholds;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

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
    CostUnit cost) {

  /** No early exit, one class a prediction. */
  public static final InferenceConfig DEFAULT =
      new InferenceConfig(null, null, null, null, null, null, null, null, null, null, null, null);

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
  }

  /** The same with thresholds that never change, in place of a budget. */
  public InferenceConfig withThresholds(double... values) {
    List<Double> list = Arrays.stream(values).boxed().toList();
    return new InferenceConfig(
        list, null, null, null, audit, topK, order, microBatch, lingerMs, device, precision, cost);
  }

  /** The same with a budget, in place of thresholds. */
  public InferenceConfig withBudget(Budget newBudget) {
    return new InferenceConfig(
        null,
        null,
        null,
        newBudget,
        audit,
        topK,
        order,
        microBatch,
        lingerMs,
        device,
        precision,
        cost);
  }

  /** The same with an audit. */
  public InferenceConfig withAudit(double share) {
    return new InferenceConfig(
        thresholds,
        exitShares,
        meanCost,
        budget,
        share,
        topK,
        order,
        microBatch,
        lingerMs,
        device,
        precision,
        cost);
  }

  /** The same with more classes a prediction. */
  public InferenceConfig withTopK(int classes) {
    return new InferenceConfig(
        thresholds,
        exitShares,
        meanCost,
        budget,
        audit,
        classes,
        order,
        microBatch,
        lingerMs,
        device,
        precision,
        cost);
  }

  /** The same with calls of that many rows. */
  public InferenceConfig withMicroBatch(int rows) {
    return new InferenceConfig(
        thresholds,
        exitShares,
        meanCost,
        budget,
        audit,
        topK,
        order,
        rows,
        lingerMs,
        device,
        precision,
        cost);
  }

  /** The same on a device, in a form of the stages. */
  public InferenceConfig on(Device newDevice, Precision newPrecision) {
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
        newDevice,
        newPrecision,
        cost);
  }

  /** The same with costs in a unit. */
  public InferenceConfig withCost(CostUnit unit) {
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
        unit);
  }

  /** Size and linger for the library. */
  public MicroBatching batching() {
    return new MicroBatching(microBatch, Duration.ofMillis(lingerMs));
  }
}
