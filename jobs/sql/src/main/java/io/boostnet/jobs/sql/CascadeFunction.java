package io.boostnet.jobs.sql;

import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.budget.ControlState;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.jobs.serve.InferenceConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.functions.FunctionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classifies the images of one subtask, on one thread beside the task's, in micro-batches of what
 * is waiting. Every image gets one row and no exception: what cannot be classified gets an error.
 * Only a network that fails for image after image fails the query, as it fails the stream.
 */
public final class CascadeFunction extends AsyncPredictFunction {

  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(CascadeFunction.class);
  private static final long CLOSE_WITHIN_MS = 10_000;

  private final String bundle;
  private final CostUnit unit;
  private final Device device;
  private final Precision precision;
  private final MicroBatching batching;
  private final int topK;
  private final ControlState control;
  private final List<ModelColumn> outputs;
  private final int concurrency;
  private transient BlockingQueue<Asked> waiting;
  private transient ImageClassifier classifier;
  private transient Cascade network;
  private transient Thread thread;
  private transient volatile Throwable failure;

  /** An image, null for none, and who waits for it. */
  private record Asked(byte[] image, CompletableFuture<Collection<RowData>> answer) {}

  /**
   * A function of a model.
   *
   * @param concurrency images that are under way at a time
   */
  CascadeFunction(
      String bundle,
      InferenceConfig inference,
      ControlState control,
      List<ModelColumn> outputs,
      int concurrency) {
    this.bundle = bundle;
    this.unit = inference.cost();
    this.device = inference.device();
    this.precision = inference.precision();
    this.batching = inference.batching();
    this.topK = inference.topK();
    this.control = control;
    this.outputs = List.copyOf(outputs);
    this.concurrency = concurrency;
  }

  @Override
  public void open(FunctionContext context) throws Exception {
    ModelBundle served = ModelBundle.read(bundle).served(precision, device);
    network = served.cascade();
    classifier = new ImageClassifier(served, unit, device, control, topK, batching, concurrency);
    waiting = new LinkedBlockingQueue<>();
    thread = new Thread(this::answerAll, "boostnet-predict-" + network.name());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public CompletableFuture<Collection<RowData>> asyncPredict(RowData input) {
    CompletableFuture<Collection<RowData>> answer = new CompletableFuture<>();
    Object image = ((GenericRowData) input).getField(0); // as it is: Flink casts nothing
    if (image == null || image instanceof byte[]) {
      waiting.add(new Asked((byte[]) image, answer));
      if (failure != null) {
        failWaiting();
      }
    } else {
      answer.complete(
          List.of(
              row(
                  LocalPrediction.failed(
                      "UNREADABLE_RECORD: the image is a %s, not BYTES"
                          .formatted(image.getClass().getSimpleName())))));
    }
    return answer;
  }

  /**
   * On the thread beside the task's, which owns the classifier; what ends it is everybody's answer.
   */
  private void answerAll() {
    List<Asked> asked = new ArrayList<>();
    try (ImageClassifier mine = classifier) {
      while (true) {
        gather(asked);
        LocalPrediction[] said = classify(asked);
        for (int i = 0; i < said.length; i++) {
          asked.get(i).answer().complete(List.of(row(said[i])));
        }
        asked.clear();
      }
    } catch (InterruptedException e) {
      // Closed: nobody waits any more.
    } catch (Throwable e) {
      failure = e;
      asked.forEach(each -> each.answer().completeExceptionally(e));
      failWaiting();
    }
  }

  private void failWaiting() {
    for (Asked each = waiting.poll(); each != null; each = waiting.poll()) {
      each.answer().completeExceptionally(failure);
    }
  }

  /** At least one image, and as many more as fill a call, or come within the linger. */
  private void gather(List<Asked> asked) throws InterruptedException {
    asked.add(waiting.take());
    long until = System.nanoTime() + batching.linger().toNanos();
    while (asked.size() < classifier.capacity()) {
      Asked next = waiting.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return;
      }
      asked.add(next);
    }
  }

  /** What goes wrong that cannot is an error of each image, and not of the job. */
  private LocalPrediction[] classify(List<Asked> asked) throws InferenceException {
    try {
      return classifier.classify(asked.stream().map(Asked::image).toList());
    } catch (RuntimeException e) {
      LocalPrediction[] failed = new LocalPrediction[asked.size()];
      Arrays.fill(failed, LocalPrediction.failed("INFERENCE_FAILED: " + e));
      return failed;
    }
  }

  private RowData row(LocalPrediction said) {
    GenericRowData row = new GenericRowData(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      row.setField(i, outputs.get(i).of(said, network));
    }
    return row;
  }

  @Override
  public void close() throws Exception {
    if (thread != null) {
      thread.interrupt();
      thread.join(CLOSE_WITHIN_MS);
      if (thread.isAlive()) {
        LOG.warn("{} is in a call that does not end; its sessions stay open", thread.getName());
      }
    }
  }
}
