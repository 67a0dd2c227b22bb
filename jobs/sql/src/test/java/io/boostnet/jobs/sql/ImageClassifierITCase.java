package io.boostnet.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.ModelBundle;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a model of SQL says of an image beside what the chain of operators says of it. */
class ImageClassifierITCase {

  private static final String BUNDLE = Path.of("demo", "models", "gtsrb-msdnet").toString();
  private static final Path FRAMES = Path.of("demo", "frames", "gtsrb-tracks.avro");
  private static final int SOME = 300;
  private static final int BAD = 17;

  /** Of the network on these frames: a good part leaves at every exit. */
  private static final double[] THRESHOLDS = {0.9, 0.9, 0.9, 0};

  /** Another micro-batch may change the last bits of a confidence. */
  private static final double NEAR = 1e-5;

  private static final List<ImageFrame> IMAGES = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    try (DataFileReader<ImageFrame> file =
        new DataFileReader<>(FRAMES.toFile(), new SpecificDatumReader<>(ImageFrame.class))) {
      while (file.hasNext() && IMAGES.size() < SOME) {
        ImageFrame frame = file.next();
        frame.setSequence(IMAGES.size());
        IMAGES.add(frame);
      }
    }
    IMAGES.get(BAD).setImage(ByteBuffer.wrap("no image".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void images_leaveWhereTheChainLetsThemLeave_andCostWhatTheyCostThere() throws Exception {
    Map<Long, Prediction> chain = chain();

    LocalPrediction[] local =
        classify(Map.of("inference.thresholds", "0.9,0.9,0.9,0"), MicroBatching.of(7));

    Set<Integer> exits = new HashSet<>();
    for (int i = 0; i < SOME; i++) {
      Prediction expected = chain.get((long) i);
      if (i == BAD) {
        assertThat(expected).isNull();
        assertThat(local[i].error()).startsWith("UNSUPPORTED_CONTENT: ");
        continue;
      }
      if (Math.abs(local[i].said().value() - THRESHOLDS[local[i].exit() - 1]) < NEAR) {
        continue;
      }
      exits.add(local[i].exit());
      assertThat(local[i].exit()).as("exit of %d", i).isEqualTo(expected.getExit());
      assertThat(local[i].said().label()).as("class of %d", i).isEqualTo(expected.getLabel());
      assertThat(local[i].said().value()).isCloseTo(expected.getConfidence(), within((float) NEAR));
      assertThat(local[i].cost()).as("cost of %d", i).isEqualTo(expected.getCost());
      assertThat(local[i].forced()).isEqualTo(expected.getForced());
    }
    assertThat(exits).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  /** The first exit's share of the time is what the least budget costs. */
  @Test
  void fixedBudget_isKept_byForcingThoseOutThatTheQuotaDoesNotLetOn() throws Exception {
    double share = 0.5;
    LocalPrediction[] local =
        classify(
            Map.of("inference.budget", "fixed:" + share, "inference.cost", "macs"),
            MicroBatching.of(8));

    List<LocalPrediction> said =
        Arrays.stream(local).filter(prediction -> prediction.error() == null).toList();
    assertThat(said.stream().mapToDouble(LocalPrediction::cost).average().orElseThrow())
        .isLessThan(1.1 * share);
    assertThat(said.stream().filter(LocalPrediction::forced))
        .isNotEmpty()
        .allMatch(prediction -> prediction.exit() < THRESHOLDS.length);
  }

  private static LocalPrediction[] classify(Map<String, String> options, MicroBatching batching)
      throws Exception {
    Map<String, String> all = new HashMap<>(options);
    all.put("bundle", BUNDLE);
    ModelOptions model = ModelOptions.of("m", all, new Configuration());
    List<LocalPrediction> said = new ArrayList<>();
    try (ImageClassifier classifier =
        new ImageClassifier(
            ModelBundle.read(BUNDLE),
            model.inference().cost(),
            Device.CPU,
            model.control(),
            1,
            batching,
            100)) {
      assertThat(classifier.capacity()).isEqualTo(batching.size());
      for (int from = 0; from < SOME; from += batching.size()) {
        List<ImageFrame> some = IMAGES.subList(from, Math.min(SOME, from + batching.size()));
        said.addAll(
            Arrays.asList(
                classifier.classify(some.stream().map(f -> f.getImage().array()).toList())));
      }
    }
    return said.toArray(LocalPrediction[]::new);
  }

  private static Map<Long, Prediction> chain() throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(1);
    env.getConfig().enableObjectReuse();
    Map<Long, Prediction> predictions = new HashMap<>();
    try (CloseableIterator<Prediction> results =
        EarlyExitInference.fromBundle(BUNDLE)
            .withThresholds(THRESHOLDS)
            .withCost(CostUnit.TIME)
            .withPrecision(Precision.FP32)
            .apply(env.fromData(IMAGES, new AvroTypeInfo<>(ImageFrame.class)))
            .predictions()
            .executeAndCollect()) {
      results.forEachRemaining(prediction -> predictions.put(prediction.getSequence(), prediction));
    }
    assertThat(predictions).hasSize(SOME - 1);
    return predictions;
  }
}
