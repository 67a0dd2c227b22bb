package io.boostnet.flink.codec;

import io.boostnet.flink.model.Baggage;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.ClassProbability;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.OffClock;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.Prediction;
import io.boostnet.schema.RecordHeader;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.annotation.Internal;

/** From outcomes to the records of the output topics. Immutable; thread-safe. */
@Internal
public final class OutcomeRecords implements Serializable {

  private static final long serialVersionUID = 1;

  private final String pipeline;
  private final String bundle;
  private final String bundleVersion;
  private final List<String> labels;
  private final double[] cost;
  private final int maxPayload;

  /**
   * For the predictions of a cascade.
   *
   * @param cost of its exits, as predictions state it
   * @param pipeline name of the pipeline
   * @param maxPayload longest payload of a dead letter, in bytes
   */
  public OutcomeRecords(Cascade cascade, StageCost cost, String pipeline, int maxPayload) {
    this.pipeline = pipeline;
    this.bundle = cascade.name();
    this.bundleVersion = cascade.version();
    this.labels = cascade.labels();
    this.cost = cost.toArray();
    this.maxPayload = maxPayload;
  }

  /** A decision as the record of the prediction topic. */
  public Prediction prediction(Decision decision) {
    return Prediction.newBuilder()
        .setSourceId(decision.sourceId())
        .setSequence(decision.sequence())
        .setTimestampMs(decision.timestampMs())
        .setLabel(decision.label())
        .setLabelName(labels.get(decision.label()))
        .setConfidence(decision.confidence())
        .setExit(decision.exit())
        .setExits(cost.length)
        .setCost(decision.inherited() ? 0 : cost[decision.exit() - 1])
        .setInherited(decision.inherited())
        .setForced(decision.forced())
        .setThresholdsVersion(decision.thresholdsVersion())
        .setBundle(bundle)
        .setBundleVersion(bundleVersion)
        .setSubtask(decision.subtask())
        .setDecidedAtMs(decision.decidedAtMs())
        .setTrueLabel(decision.trueLabel() == Frame.UNLABELLED ? null : decision.trueLabel())
        .setTopK(decision.topK().stream().map(this::classProbability).toList())
        .setHeaders(headers(decision.baggage()))
        .setFields(decision.baggage().fields())
        .build();
  }

  /** A rejection as the record of the dead-letter topic. */
  public DeadLetter deadLetter(Rejection rejection) {
    Frame frame = rejection.frame();
    Origin origin = frame.origin();
    byte[] payload = origin.payload();
    return DeadLetter.newBuilder()
        .setReason(DeadLetterReason.valueOf(rejection.reason().name()))
        .setDetail(rejection.detail())
        .setStage(rejection.stage())
        .setTopic(origin.topic())
        .setPartition(origin.partition())
        .setOffset(origin.offset())
        .setSourceId(frame.sourceId())
        .setSequence(frame.sourceId() == null ? null : frame.sequence())
        .setTimestampMs(frame.timestampMs())
        .setPayload(
            ByteBuffer.wrap(
                payload.length > maxPayload ? Arrays.copyOf(payload, maxPayload) : payload))
        .setPayloadSize(payload.length)
        .setHeaders(headers(frame.baggage()))
        .setFields(frame.baggage().fields())
        .build();
  }

  /** A change of thresholds as the record of the control topic. */
  public ControlEvent controlEvent(ThresholdChange change) {
    ThresholdChange.Measured measured = change.measured();
    return ControlEvent.newBuilder()
        .setPipeline(pipeline)
        .setVersion(change.version())
        .setTimestampMs(change.timestampMs())
        .setReason(change.reason())
        .setThresholds(Arrays.stream(change.thresholds()).boxed().toList())
        .setQuotas(Arrays.stream(change.quotas()).boxed().toList())
        .setBudget(orNull(measured.budget()))
        .setMeasuredCost(orNull(measured.meanCost()))
        .setPrice(orNull(measured.price()))
        .setNeededRate(orNull(measured.neededRate()))
        .setServedRate(orNull(measured.servedPerSecond()))
        .setBacklogAgeMs(
            Double.isNaN(measured.backlogAgeMs()) ? null : (long) measured.backlogAgeMs())
        .setUtilization(orNull(measured.utilization()))
        .setExitShares(Arrays.stream(measured.exitShares()).boxed().toList())
        .setForcedShare(orNull(measured.forcedShare()))
        .setAuditAgreement(
            Arrays.stream(measured.auditAgreement()).mapToObj(OutcomeRecords::orNull).toList())
        .setInheritedShare(orNull(measured.inheritedShare()))
        .setOffClocks(Arrays.stream(measured.offClocks()).map(OutcomeRecords::offClock).toList())
        .build();
  }

  private static io.boostnet.schema.OffClock offClock(OffClock clock) {
    return new io.boostnet.schema.OffClock(clock.topic(), clock.partition(), clock.behindMs());
  }

  private io.boostnet.schema.ClassProbability classProbability(ClassProbability probable) {
    return new io.boostnet.schema.ClassProbability(
        probable.label(), labels.get(probable.label()), probable.probability());
  }

  private static List<RecordHeader> headers(Baggage baggage) {
    return baggage.headers().stream()
        .map(
            header ->
                new RecordHeader(
                    header.key(), header.value() == null ? null : ByteBuffer.wrap(header.value())))
        .toList();
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
