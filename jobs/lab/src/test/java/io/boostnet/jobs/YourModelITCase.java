package io.boostnet.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.boostnet.docs.Documents;
import io.boostnet.jobs.broker.Await;
import io.boostnet.jobs.broker.EmbeddedBroker;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.outcomes.OutcomeListener;
import io.boostnet.jobs.outcomes.OutcomeReader;
import io.boostnet.jobs.serve.ServeProcess;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.Prediction;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The five commands of {@code docs/your-model.md}, typed as they are printed there. */
@Timeout(180)
class YourModelITCase {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path CLASS_PATH = ROOT.resolve("training/target/classpath");
  private static final Path MODELS = ROOT.resolve("jobs/lab/src/test/resources/your-model");

  /** What a JVM of a few seconds runs fastest with. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final int CLASSES = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int IMAGES_PER_CLASS = 60;
  private static final int SIDE = 32;

  @TempDir static Path images;
  @TempDir Path directory;

  @BeforeAll
  static void drawImages() throws IOException {
    assumeTrue(Files.exists(CLASS_PATH), "training is not built: mvn -pl training -am package");
    Random random = new Random(7);
    for (int label = 0; label < CLASSES; label++) {
      Path folder = Files.createDirectories(images.resolve("sign-" + label));
      for (int i = 0; i < IMAGES_PER_CLASS; i++) {
        ImageIO.write(stripes(label, random), "jpg", folder.resolve(i + ".jpg").toFile());
      }
    }
  }

  @Test
  void fiveCommands_asPrinted_everyFrameHasAPredictionOnBudget() throws Exception {
    List<Prediction> predictions = fiveCommands("signs.onnx", MODELS.resolve("signs.json"));

    assertThat(accuracy(predictions)).isGreaterThan(0.9);
  }

  @Test
  void transformer_grafted_isServedOnBudget() throws Exception {
    List<Prediction> predictions =
        fiveCommands("vit.onnx", "plain:16", "--checkpoint-interval-ms", "1000");

    assertThat(accuracy(predictions)).as("by its heads").isGreaterThan(0.5);
    assertThat(predictions).extracting(Prediction::getExits).containsOnly(4);
  }

  /** Types the page's commands; returns the predictions. */
  private List<Prediction> fiveCommands(String model, Object preprocessing, String... serveOptions)
      throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      List<List<String>> typed =
          typed(
              Map.of(
                  "resnet.onnx", MODELS.resolve(model),
                  "signs.json", preprocessing,
                  "images/", images,
                  "bundles/mine", directory.resolve("mine"),
                  "frames.avro", directory.resolve("frames.avro"),
                  "localhost:9092", broker.bootstrapServers()));
      assertThat(typed)
          .extracting(words -> words.get(0))
          .containsExactly("graft", "frames", "load", "serve", "accounts");

      train(typed.get(0));
      train(typed.get(1));
      run(typed.get(2));
      List<Object> options = new ArrayList<>(typed.get(3).subList(1, typed.get(3).size()));
      options.addAll(List.of(serveOptions));
      try (ServeProcess serving =
          ServeProcess.start(
              directory.resolve("serve.log"),
              Map.of("JDK_JAVA_OPTIONS", String.join(" ", SHORT_LIVED)),
              options.toArray())) {
        Await.until(
            serving::output,
            PATIENCE,
            () -> serving.requireAlive() && serving.output().contains("Classifying frames;"));
        assertThat(run(typed.get(4)))
            .as(serving.output())
            .contains("published 400, predictions 400, dead letters 0; missing 0, doubled 0");
        serving.requireAlive();
      }
      List<Prediction> predictions = predictions(KafkaAccess.to(broker.bootstrapServers()));
      assertThat(predictions).hasSize(400).extracting(Prediction::getBundle).containsOnly("mine");
      assertThat(predictions.stream().mapToDouble(Prediction::getCost).average().orElseThrow())
          .as("mean cost, of a budget of 0.6")
          .isLessThan(0.65);
      return predictions;
    }
  }

  private static double accuracy(List<Prediction> predictions) {
    return predictions.stream()
        .mapToInt(prediction -> prediction.getLabel() == prediction.getTrueLabel() ? 1 : 0)
        .average()
        .orElseThrow();
  }

  /** The page's commands, without {@code ./boostnet}, with other words in the place of some. */
  private static List<List<String>> typed(Map<String, Object> places) {
    return Documents.commands(ROOT).stream()
        .filter(command -> command.page().equals(Path.of("docs/your-model.md")))
        .limit(5)
        .map(
            command ->
                command.words().stream()
                    .map(word -> places.getOrDefault(word, word).toString())
                    .toList())
        .toList();
  }

  /** Runs a command of the other command line, in a JVM as the launcher starts it. */
  private static void train(List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String classes = ROOT.resolve("training/target/classes").toString();
    command.addAll(SHORT_LIVED);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Djava.awt.headless=true",
            "-cp",
            classes + File.pathSeparator + Files.readString(CLASS_PATH),
            "io.boostnet.training.Main"));
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** Runs a command in this JVM; returns what it printed. */
  private static String run(List<String> words) {
    CommandResult result = CommandResult.of(words.toArray());
    assertThat(result.code()).as(result.out() + result.err()).isZero();
    return result.out();
  }

  private static List<Prediction> predictions(KafkaAccess kafka) {
    List<Prediction> predictions = new ArrayList<>();
    OutcomeListener listener =
        new OutcomeListener() {
          @Override
          public void prediction(Prediction prediction) {
            predictions.add(prediction);
          }

          @Override
          public void unreadable(ConsumerRecord<byte[], byte[]> record, Exception reason) {
            throw new IllegalStateException(reason);
          }
        };
    TopicConfig topics = TopicConfig.DEFAULT;
    try (OutcomeReader reader =
        new OutcomeReader(
            kafka,
            topics,
            List.of(topics.predictions()),
            IsolationLevel.READ_COMMITTED,
            listener)) {
      while (predictions.size() < 400) {
        assertThat(reader.poll(PATIENCE)).isPositive();
      }
    }
    return predictions;
  }

  /** Stripes that turn with the class, more or less clear. */
  private static BufferedImage stripes(int label, Random random) {
    double clearness = 0.1 + 0.9 * random.nextDouble();
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double stripe = (label * x + (CLASSES - 1 - label) * y) / 16 % 2;
        float light = (float) (clearness * (1 - stripe) + (1 - clearness) * random.nextDouble());
        image.setRGB(x, y, new Color(light, light, light).getRGB());
      }
    }
    return image;
  }
}
