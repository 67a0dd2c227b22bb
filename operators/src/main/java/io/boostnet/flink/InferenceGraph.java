package io.boostnet.flink;

import io.boostnet.flink.EarlyExitInference.Result;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.codec.FrameSamples;
import io.boostnet.flink.codec.OutcomeRecords;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.model.ChainElement;
import io.boostnet.flink.model.Decision;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Outcome;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.model.StageCost;
import io.boostnet.flink.model.ThresholdChange;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Priorities;
import io.boostnet.flink.reference.FetchedFrame;
import io.boostnet.flink.reference.FetchedFrameDecoder;
import io.boostnet.flink.reference.ReferenceReader;
import io.boostnet.flink.stage.ChainElementType;
import io.boostnet.flink.stage.DecodeOperatorFactory;
import io.boostnet.flink.stage.DecodeSettings;
import io.boostnet.flink.stage.OutcomeOperatorFactory;
import io.boostnet.flink.stage.StageControl;
import io.boostnet.flink.stage.StageOperatorFactory;
import io.boostnet.flink.stage.StageTags;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators of an {@link EarlyExitInference} behind a stream: images that records refer to are
 * fetched, the stages are chained, and outcomes become records.
 */
final class InferenceGraph {

  private static final Logger LOG = LoggerFactory.getLogger(InferenceGraph.class);

  private final EarlyExitInference options;

  InferenceGraph(EarlyExitInference options) {
    this.options = options;
  }

  /** Wires them behind records of any kind. */
  <I> Result wire(DataStream<I> records, FrameDecoder<I> decoder) {
    return options.references == null
        ? stages(records, decoder)
        : stages(fetched(records, decoder), new FetchedFrameDecoder());
  }

  private <I> DataStream<FetchedFrame> fetched(DataStream<I> records, FrameDecoder<I> decoder) {
    ReferenceReader<I> reader =
        new ReferenceReader<>(decoder, options.references, options.limits.imageBytes());
    long timeoutMs = options.references.timeout().toMillis();
    TimeUnit unit = TimeUnit.MILLISECONDS;
    int capacity = options.references.capacity();
    SingleOutputStreamOperator<FetchedFrame> fetched =
        options.order == OutputOrder.ORDERED
            ? AsyncDataStream.orderedWait(records, reader, timeoutMs, unit, capacity)
            : AsyncDataStream.unorderedWait(records, reader, timeoutMs, unit, capacity);
    return named(fetched, "references", records.getParallelism());
  }

  private <I> Result stages(DataStream<I> input, FrameDecoder<I> format) {
    SampleDecoder<I> decoder =
        new FrameSamples<>(format, options.cascade.preprocessing(), options.limits);
    requireFitting(input.getExecutionEnvironment());
    int parallelism = input.getParallelism();
    StoredBundle bundle =
        options.bundleInPlace
            ? options.bundle.stored()
            : options.bundle.sentWith(input.getExecutionEnvironment());
    ModelBundle served = options.served();
    warnOfOperations(served);
    StageControl control = control(served, SolvedBudget.of(options, served));
    Stage first = options.cascade.stages().get(0);
    SingleOutputStreamOperator<ChainElement> chain =
        named(
            input.transform(
                "decode",
                new ChainElementType(),
                new DecodeOperatorFactory<>(
                    decoder,
                    new DecodeSettings(
                        first.inputs().get(0),
                        options.cascade.preprocessing(),
                        control,
                        options.cascade.name() + " " + options.cascade.version()))),
            "decode",
            parallelism);
    DataStream<ThresholdChange> changes = null;
    for (Stage stage : options.cascade.stages()) {
      chain =
          named(
              chain.transform(
                  stage.label(),
                  new ChainElementType(),
                  new StageOperatorFactory(
                      new BundleStage(bundle, options.wired(), stage, options.device),
                      options.batching,
                      control)),
              stage.label(),
              parallelism);
      if (stage.index() == options.chainBreak) {
        chain.startNewChain();
      }
      if (stage.index() == 1) {
        changes = chain.getSideOutput(StageTags.THRESHOLD_CHANGES);
      }
    }
    return results(chain, changes, served.cascade().cost(options.costUnit), parallelism);
  }

  private StageControl control(ModelBundle served, SolvedBudget solved) {
    Priorities priorities = solved.weights().priorities();
    ControlPlan plan =
        ControlPlan.of(
            options.pipeline,
            options.budget,
            served.cascade(),
            options.costUnit,
            solved.controller(),
            options.controlInterval);
    return new StageControl(
        priorities.isOn() ? plan.withPriorities(priorities.names(), priorities.toString()) : plan,
        options.auditShare,
        options.topK,
        options.budget instanceof Budget.Deadline deadline ? deadline.allowed() : Duration.ZERO,
        options.tracking,
        solved.weights());
  }

  private void warnOfOperations(ModelBundle served) {
    boolean solved =
        options.budget instanceof Budget.Fixed || options.budget instanceof Budget.KeepUp;
    if (solved && served.cascade().unitOf(options.costUnit) != options.costUnit) {
      LOG.warn(
          "{} has no times of its stages, so that the budget counts in operations; measure them with ./boostnet time, or set the cost to macs",
          options.cascade.name());
    }
  }

  private Result results(
      DataStream<ChainElement> chain,
      DataStream<ThresholdChange> changes,
      StageCost cost,
      int parallelism) {
    DataStream<ChainElement> outcomes = chain;
    boolean broken =
        options.chainBreak != EarlyExitInference.NO_BREAK
            || !chain.getExecutionEnvironment().isChainingEnabled();
    if (broken && options.order == OutputOrder.ORDERED) {
      // A lane's outcomes meet at one subtask, whatever the parallelism on either side becomes.
      outcomes =
          chain.partitionCustom(
              (lane, partitions) -> lane % partitions, left -> ((Outcome) left).ticket().lane());
    }
    SingleOutputStreamOperator<Decision> decisions =
        named(
            outcomes.transform(
                "outcomes",
                TypeInformation.of(Decision.class),
                new OutcomeOperatorFactory(options.order)),
            "outcomes",
            parallelism);
    OutcomeRecords records =
        new OutcomeRecords(
            options.cascade, cost, options.pipeline, options.limits.deadLetterBytes());
    return new Result(
        named(decisions.map(records::prediction), "predictions", parallelism)
            .returns(new AvroTypeInfo<>(Prediction.class)),
        named(
                decisions.getSideOutput(StageTags.REJECTIONS).map(records::deadLetter),
                "dead-letters",
                parallelism)
            .returns(new AvroTypeInfo<>(DeadLetter.class)),
        named(changes.map(records::controlEvent), "control-events", 1)
            .returns(new AvroTypeInfo<>(ControlEvent.class)));
  }

  private <T> SingleOutputStreamOperator<T> named(
      SingleOutputStreamOperator<T> operator, String name, int parallelism) {
    String uid = options.pipeline + "-" + name;
    return operator.name(uid).uid(uid).setParallelism(parallelism);
  }

  /** Options that do not go with the settings of the job. */
  private void requireFitting(StreamExecutionEnvironment job) {
    if (options.order == OutputOrder.ORDERED
        && job.getCheckpointConfig().isUnalignedCheckpointsEnabled()) {
      throw new IllegalArgumentException(
          "ordered output needs aligned checkpoints; set execution.checkpointing.unaligned.enabled"
              + " to false or the order to UNORDERED");
    }
    if (options.tracking.isOn() && !job.isChainingEnabled()) {
      throw new IllegalArgumentException(
          "frames have tracks and operator chaining is off, so that decisions do not come back to the tracks; set pipeline.operator-chaining.enabled to true or judge frames alone");
    }
    if (options.budget instanceof Budget.KeepUp && !job.isChainingEnabled()) {
      throw new IllegalArgumentException(
          "budget is %s and operator chaining is off, but keep-up sees the first thread alone; set pipeline.operator-chaining.enabled to true or use another budget"
              .formatted(options.budget.words()));
    }
  }
}
