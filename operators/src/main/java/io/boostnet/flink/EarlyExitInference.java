package io.boostnet.flink;

import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.codec.AvroFrameDecoder;
import io.boostnet.flink.codec.ImageFrameDecoder;
import io.boostnet.flink.coordination.ControlPlan;
import io.boostnet.flink.exit.Thresholds;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.SourceRecord;
import io.boostnet.flink.options.Limits;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.Priorities;
import io.boostnet.flink.options.References;
import io.boostnet.flink.options.Tracking;
import io.boostnet.schema.ControlEvent;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.time.Duration;
import org.apache.flink.annotation.Public;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Classifies a stream of images with the early-exit network of a model bundle: every stage is an
 * operator, all of them form one chain with what is before them, and an image leaves at the first
 * exit whose confidence reaches its threshold.
 *
 * <pre>{@code
 * var result = EarlyExitInference.fromBundle("s3://models/cifar100-msdnet")
 *     .withBudget(Budget.keepUp().between(0.25, 0.80))
 *     .withOrder(OutputOrder.UNORDERED)
 *     .apply(frames);
 * result.predictions().sinkTo(...);
 * result.deadLetters().sinkTo(...);
 * result.controlEvents().sinkTo(...);
 * }</pre>
 *
 * <p>The environment should have object reuse switched on; without it Flink copies every sample's
 * feature maps between stages. Native memory for micro-batches counts as task off-heap memory
 * ({@code taskmanager.memory.task.off-heap.size}).
 *
 * <p>A builder; not thread-safe. It reads and checks the bundle when it is made, so that a wrong
 * bundle fails before the job starts.
 */
@Public
public final class EarlyExitInference {

  static final int NO_BREAK = 0;
  private static final Duration MIN_INTERVAL = Duration.ofMillis(10);

  final ModelBundle bundle;
  final Cascade cascade;
  Budget budget;
  double auditShare;
  Duration controlInterval = ControlPlan.DEFAULT_INTERVAL;
  MicroBatching batching = MicroBatching.auto();
  OutputOrder order = OutputOrder.UNORDERED;
  Device device = Device.AUTO;
  boolean bundleInPlace;
  private Precision precision = Precision.AUTO;
  CostUnit costUnit = CostUnit.TIME;
  Limits limits = Limits.DEFAULT;
  String pipeline = "boostnet";
  int topK = 1;
  References references;
  Tracking tracking = Tracking.NONE;
  Priorities priorities = Priorities.NONE;
  int chainBreak = NO_BREAK;

  private EarlyExitInference(ModelBundle bundle) {
    this.bundle = bundle;
    this.cascade = bundle.cascade();
    this.budget = Budget.constant(Thresholds.neverExit(1, cascade.exits()));
  }

  /**
   * Reads and checks a bundle.
   *
   * @param location directory or .zip file, as a path or a URI of any of Flink's file systems. One
   *     on this machine's disk is sent along with the job; elsewhere the TaskManagers must be able
   *     to read it too
   * @throws io.boostnet.flink.codec.BundleException where there is none or it is wrong
   */
  public static EarlyExitInference fromBundle(String location) {
    return new EarlyExitInference(ModelBundle.read(location).verify());
  }

  /** What an image may cost, as set so far. */
  public Budget budget() {
    return budget;
  }

  /** What the bundle holds. */
  public Cascade cascade() {
    return cascade;
  }

  /**
   * Thresholds that never change. The default lets no image leave before the last exit.
   *
   * @param values one per exit, the last 0; above 1 closes an exit
   * @throws IllegalArgumentException where their number or range is wrong
   */
  public EarlyExitInference withThresholds(double... values) {
    if (values.length != cascade.exits()) {
      throw new IllegalArgumentException(
          "%d thresholds were given, %s has %d exits; give one per exit, the last 0"
              .formatted(values.length, cascade.name(), cascade.exits()));
    }
    this.budget = Budget.constant(Thresholds.of(1, values));
    return this;
  }

  /**
   * What an image may cost; a controller moves the thresholds to keep to it.
   *
   * @throws IllegalArgumentException where constant thresholds are not one per exit, or it does not
   *     go with what was set before; whether the network can keep to it is seen by {@link #verify}
   *     and {@link #apply}, since it depends on precision, device and unit of cost
   */
  public EarlyExitInference withBudget(Budget budget) {
    if (budget instanceof Budget.Constant constant) {
      return withThresholds(constant.thresholds().toArray());
    }
    this.budget = budget;
    return requireFitting();
  }

  /**
   * What budgets and the costs of predictions count in; default {@link CostUnit#TIME}: shares of
   * the full network's time as the bundle states them, of the form that thresholds are solved for,
   * the same on every machine. A bundle without times counts in operations.
   */
  public EarlyExitInference withCost(CostUnit unit) {
    this.costUnit = unit;
    return this;
  }

  /**
   * Checks what {@link #apply} checks of the budget: that the network can keep to it, that there is
   * evidence to solve thresholds on, and that it goes with the priorities of sources.
   *
   * @return this
   * @throws IllegalArgumentException where the network cannot
   * @throws io.boostnet.flink.codec.BundleException where the bundle has no evidence
   */
  public EarlyExitInference verify() {
    if (priorities.haveFloors()) {
      SolvedBudget.of(this, served());
    } else if (priorities.isOn()
        || budget instanceof Budget.Fixed
        || budget instanceof Budget.KeepUp) {
      SolvedBudget.requireUsable(this, served());
    }
    return this;
  }

  /**
   * A share of the images that leave early runs to the last exit as well, within the budget, to
   * tell how often the two agree: accuracy monitoring without labels. Default 0, and nothing else
   * under a deadline, where no image leaves for its confidence.
   *
   * @param share 0..1; 0.01 is plenty
   */
  public EarlyExitInference withAudit(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("audit share is " + share + "; 0..1 is needed");
    }
    this.auditShare = share;
    return requireFitting();
  }

  /**
   * Time between two decisions of the controller, 10 ms to 2 s; default a quarter of a second. It
   * may be longer where thresholds are constant and there is nothing to decide.
   *
   * @throws IllegalArgumentException where it is out of range
   */
  public EarlyExitInference withControlInterval(Duration interval) {
    if (interval.compareTo(MIN_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "control interval is " + interval + "; at least 10 ms is needed");
    }
    this.controlInterval = interval;
    return requireFitting();
  }

  /** How stages gather micro-batches; default {@link MicroBatching#auto()}. */
  public EarlyExitInference withMicroBatching(MicroBatching batching) {
    this.batching = batching;
    return this;
  }

  /** Order of the predictions; default {@link OutputOrder#UNORDERED}. */
  public EarlyExitInference withOrder(OutputOrder order) {
    this.order = order;
    return this;
  }

  /** Where the network runs; default {@link Device#AUTO}. */
  public EarlyExitInference withDevice(Device device) {
    this.device = device;
    return this;
  }

  /**
   * Which form of the bundle's stages serves; default {@link Precision#AUTO}: every TaskManager
   * takes the faster one, and thresholds are solved on the evidence of the one that is faster here.
   *
   * @throws io.boostnet.flink.codec.BundleException where the bundle has no such form, or this
   *     machine's processor does not give its golden rows
   */
  public EarlyExitInference withPrecision(Precision precision) {
    if (precision == Precision.INT8) {
      bundle.served(precision, Device.CPU).verify();
    }
    this.precision = precision;
    return this;
  }

  /** The bundle in the form that thresholds are solved for, on this machine. */
  ModelBundle served() {
    return bundle.served(wired(), device.kind() == Device.Kind.CUDA ? device : Device.CPU);
  }

  /**
   * The form as the stages are told. Where they may be in several processes, each of which would
   * choose for itself, it is settled here.
   */
  Precision wired() {
    return precision == Precision.AUTO && chainBreak != NO_BREAK ? Precision.FP32 : precision;
  }

  /**
   * The TaskManagers read a bundle on this machine's disk from the disks of theirs, instead of
   * being sent it: for an environment that runs more jobs, each of which would bring it along.
   */
  public EarlyExitInference withBundleInPlace() {
    this.bundleInPlace = true;
    return this;
  }

  /** Limits on input; default {@link Limits#DEFAULT}. */
  public EarlyExitInference withLimits(Limits limits) {
    this.limits = limits;
    return this;
  }

  /** Name in control events, operator names and uids; default boostnet. */
  public EarlyExitInference withPipelineName(String pipeline) {
    this.pipeline = pipeline;
    return this;
  }

  /**
   * Starts a new chain, and so a thread of its own, at a stage. Costs the serialization of every
   * feature map that crosses; by default all stages are one chain. Frames that have left cross with
   * the others, and wait with them where the second thread is behind, which a deadline budget does
   * not see. Not with a keep-up budget, which takes the chain as one thread.
   *
   * @param stage 2 .. K
   */
  public EarlyExitInference withChainBreakBefore(int stage) {
    if (stage < 2 || stage > cascade.exits()) {
      throw new IllegalArgumentException(
          "the chain break is before stage %d; allowed are 2 to %d"
              .formatted(stage, cascade.exits()));
    }
    this.chainBreak = stage;
    return requireFitting();
  }

  /**
   * How many of the most probable classes a prediction names; the default is one.
   *
   * @param classes 1 to the number of classes
   * @throws IllegalArgumentException where it is not
   */
  public EarlyExitInference withTopK(int classes) {
    if (classes < 1 || classes > cascade.classes()) {
      throw new IllegalArgumentException(
          "topK is %d; %s has %d classes, use 1 to that number"
              .formatted(classes, cascade.name(), cascade.classes()));
    }
    this.topK = classes;
    return this;
  }

  /**
   * Reads images that frames refer to, before the chain; without it such a frame is a dead letter.
   * Frames in flight there are in the checkpoints.
   */
  public EarlyExitInference withReferences(References newReferences) {
    this.references = newReferences;
    return this;
  }

  /**
   * Which frames show the same thing: what they say is put together, and some need not be run. The
   * default is {@link Tracking#NONE}. Frames of a track must come to one subtask, in their order:
   * give them one key. Not with a broken chain.
   */
  public EarlyExitInference withTracking(Tracking newTracking) {
    this.tracking = newTracking;
    return requireFitting();
  }

  /**
   * Which sources matter more than others, and what they get at least, all under the one budget; by
   * default all matter alike. Needs a fixed or a keep-up budget, which {@link #verify} and {@link
   * #apply} see to.
   */
  public EarlyExitInference withPriorities(Priorities newPriorities) {
    this.priorities = newPriorities;
    return this;
  }

  /** Wires the stages behind a stream of frames. */
  public Result apply(DataStream<ImageFrame> frames) {
    return apply(frames, new ImageFrameDecoder());
  }

  /**
   * Wires the stages behind a stream of Kafka records that hold frames in Avro single-object
   * encoding; a record that does not becomes a dead letter with its coordinates.
   */
  public Result applyToRecords(DataStream<SourceRecord> records) {
    return apply(records, new AvroFrameDecoder());
  }

  /**
   * Wires the stages behind a stream of records of any kind.
   *
   * @param decoder from a record to its image; what it rejects becomes a dead letter
   */
  public <I> Result apply(DataStream<I> records, FrameDecoder<I> decoder) {
    return new InferenceGraph(this).wire(records, decoder);
  }

  /** Options that are fine by themselves and not together. */
  private EarlyExitInference requireFitting() {
    if (budget instanceof Budget.KeepUp && chainBreak != NO_BREAK) {
      throw new IllegalArgumentException(
          "budget is %s and the chain breaks before stage %d, but keep-up sees the first thread alone; leave the chain whole or use another budget"
              .formatted(budget.words(), chainBreak));
    }
    if (tracking.isOn() && chainBreak != NO_BREAK) {
      throw new IllegalArgumentException(
          "frames have tracks and the chain breaks before stage %d, so that decisions do not come back to the tracks; leave the chain whole or judge frames alone"
              .formatted(chainBreak));
    }
    if (budget instanceof Budget.Deadline && auditShare > 0) {
      throw new IllegalArgumentException(
          "audit share is %s and budget is %s, under which no image leaves for its confidence, so that there is nothing to audit; set the share to 0"
              .formatted(auditShare, budget.words()));
    }
    if (!(budget instanceof Budget.Constant)
        && controlInterval.compareTo(ControlPlan.MAX_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "control interval is %s; with a budget at most %s is allowed, since a subtask that reports more seldom is taken for a silent one"
              .formatted(controlInterval, ControlPlan.MAX_INTERVAL));
    }
    return this;
  }

  /**
   * The streams that come out. Attach a sink to each; what nobody reads is lost.
   *
   * <p>Mind the timestamps where that is Kafka: a sink made by {@code
   * KafkaRecordSerializationSchema.builder()} gives a record the stream's timestamp, and where you
   * assigned event times of the frames that is a camera's clock. A broker refuses a record more
   * than an hour ahead of its own clock ({@code message.timestamp.after.max.ms}), and the job fails
   * at every try. Write a {@code ProducerRecord} without one.
   *
   * @param predictions one for every classified frame
   * @param deadLetters one for every frame that could not be classified
   * @param controlEvents one for every change of the thresholds
   */
  public record Result(
      DataStream<Prediction> predictions,
      DataStream<DeadLetter> deadLetters,
      DataStream<ControlEvent> controlEvents) {}
}
