package io.boostnet.jobs.bench;

import io.boostnet.jobs.files.FrameFile;
import io.boostnet.schema.ImageFrame;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.DoubleCounter;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * A contender that is a Flink job in this JVM: frames from memory, results counted. The clock runs
 * from the end of the warm-up of the first subtask to the last result of the last.
 */
abstract class InMemoryContender implements Contender {

  private final Workload work;

  InMemoryContender(Workload work) {
    this.work = work;
  }

  final Workload work() {
    return work;
  }

  /** From frames to what became of each. */
  abstract DataStream<Classified> classify(DataStream<ImageFrame> frames);

  @Override
  public final Measurement run(long warmUp, long images) throws Exception {
    Configuration options = new Configuration();
    options.set(PipelineOptions.OBJECT_REUSE, true);
    options.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(work.threads(), options);
    DataStream<ImageFrame> frames =
        environment
            .fromSource(
                new NumberSequenceSource(0, images + warmUp - 1),
                WatermarkStrategy.noWatermarks(),
                "numbers")
            .map(new FrameFromMemory(work.file().toString()))
            .returns(new AvroTypeInfo<>(ImageFrame.class));
    classify(frames).map(new Tally(warmUp / work.threads())).sinkTo(new DiscardingSink<>());
    return Tally.measurement(environment.execute(name()));
  }

  /** Frame number n of the file, starting over at its end. */
  private static final class FrameFromMemory extends RichMapFunction<Long, ImageFrame> {

    private static final long serialVersionUID = 1;

    private final String file;
    private transient List<ImageFrame> frames;

    FrameFromMemory(String file) {
      this.file = file;
    }

    @Override
    public void open(OpenContext context) {
      frames = new ArrayList<>();
      try (FrameFile reader = FrameFile.open(Path.of(file))) {
        reader.forEachRemaining(frames::add);
      }
    }

    @Override
    public ImageFrame map(Long number) {
      return frames.get((int) (number % frames.size()));
    }
  }

  /** Counts results after the warm-up of its subtask, and notes the time and processor time. */
  private static final class Tally extends RichMapFunction<Classified, Classified> {

    private static final long serialVersionUID = 1;
    private static final int NOTE_EVERY = 64;

    private final long warmUp;
    private final LongCounter images = new LongCounter();
    private final LongCounter right = new LongCounter();
    private final DoubleCounter cost = new DoubleCounter();
    private final Map<String, LongMinimum> start = new LinkedHashMap<>();
    private final Map<String, LongMaximum> end = new LinkedHashMap<>();
    private transient long seen;

    Tally(long warmUp) {
      this.warmUp = warmUp;
      for (String figure : figures(Usage.now()).keySet()) {
        start.put(figure, new LongMinimum());
        end.put(figure, new LongMaximum());
      }
    }

    @Override
    public void open(OpenContext context) {
      getRuntimeContext().addAccumulator("images", images);
      getRuntimeContext().addAccumulator("right", right);
      getRuntimeContext().addAccumulator("cost", cost);
      start.forEach((name, value) -> getRuntimeContext().addAccumulator("start " + name, value));
      end.forEach((name, value) -> getRuntimeContext().addAccumulator("end " + name, value));
    }

    @Override
    public Classified map(Classified image) {
      if (++seen == warmUp) {
        figures(Usage.now()).forEach((name, value) -> start.get(name).add(value));
      } else if (seen > warmUp) {
        images.add(1);
        right.add(image.right() ? 1 : 0);
        cost.add(image.cost());
        if (seen % NOTE_EVERY == 0) {
          noteEnd(); // what the thread of the stages allocated is not known after it has ended
        }
      }
      return image;
    }

    @Override
    public void close() {
      noteEnd();
    }

    private void noteEnd() {
      figures(Usage.now()).forEach((name, value) -> end.get(name).add(value));
    }

    private static Map<String, Long> figures(Usage usage) {
      Map<String, Long> figures = new LinkedHashMap<>();
      figures.put("nanos", usage.nanos());
      figures.put("cpu", usage.cpuNanos());
      figures.put("allocated", usage.allocatedBytes());
      figures.put("gc", usage.gcMillis());
      return figures;
    }

    static Measurement measurement(JobExecutionResult result) {
      long images = result.<Long>getAccumulatorResult("images");
      return usage("start ", result)
          .until(
              usage("end ", result),
              images,
              (double) result.<Long>getAccumulatorResult("right") / images,
              result.<Double>getAccumulatorResult("cost") / images);
    }

    private static Usage usage(String moment, JobExecutionResult result) {
      return new Usage(
          result.<Long>getAccumulatorResult(moment + "nanos"),
          result.<Long>getAccumulatorResult(moment + "cpu"),
          result.<Long>getAccumulatorResult(moment + "allocated"),
          result.<Long>getAccumulatorResult(moment + "gc"));
    }
  }
}
