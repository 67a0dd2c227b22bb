package io.boostnet.jobs.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.boostnet.jobs.broker.EmbeddedBroker;
import io.boostnet.jobs.format.FormatConfig;
import io.boostnet.jobs.format.ZonePlace;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.serve.TopicConfig;
import io.boostnet.schema.SingleObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The live page on a real broker, and in a real browser where there is one. */
class LivePageITCase {

  private static final TopicConfig TOPICS =
      new TopicConfig("frames", "predictions", "dead-letters", "control-events", "events");
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private static EmbeddedBroker broker;
  private static KafkaAccess kafka;
  private static KafkaProducer<byte[], byte[]> producer;
  private static LivePage page;
  private static long sequence;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
    kafka = KafkaAccess.to(broker.bootstrapServers());
    producer = kafka.producer();
    // The page is there before the topics are.
    page = LivePage.start(kafka, TOPICS, "localhost", 0);
    kafka.ensureTopics(
        Map.of(
            TOPICS.frames(), 1,
            TOPICS.predictions(), 1,
            TOPICS.deadLetters(), 1,
            TOPICS.controlEvents(), 1,
            TOPICS.events(), 1));
  }

  @AfterAll
  static void stop() {
    page.close();
    producer.close();
    broker.close();
  }

  private static <T extends SpecificRecord> void publish(String topic, Class<T> type, T record)
      throws IOException {
    byte[] value = SingleObject.encoder(type).encode(record).array();
    producer.send(new ProducerRecord<>(topic, value));
  }

  private static void publishSecond() throws IOException {
    for (String topic :
        List.of(
            TOPICS.frames(), TOPICS.predictions(), TOPICS.deadLetters(), TOPICS.controlEvents())) {
      producer.send(new ProducerRecord<>(topic, null)); // the page must survive that
    }
    long now = System.currentTimeMillis();
    for (int exit = 1; exit <= 3; exit++) {
      publish(
          TOPICS.frames(), io.boostnet.schema.ImageFrame.class, LiveRecords.frame(sequence, now));
      producer.flush();
      publish(
          TOPICS.predictions(),
          io.boostnet.schema.Prediction.class,
          LiveRecords.prediction(sequence++, now, now + 12, exit, exit != 3));
    }
    publish(
        TOPICS.controlEvents(),
        io.boostnet.schema.ControlEvent.class,
        LiveRecords.change(sequence, now, 0.6));
    publish(TOPICS.events(), io.boostnet.schema.Event.class, LiveRecords.event("camera", now));
    producer.flush();
  }

  /** A picture of a gate and its door, and two bays of a yard that sends no whole pictures. */
  private static void publishPlaced() throws IOException {
    long now = System.currentTimeMillis();
    Map<String, ZonePlace> sources = new LinkedHashMap<>();
    sources.put("gate", null);
    sources.put("gate/door", new ZonePlace(20, 30, 40, 60));
    sources.put("yard/left", new ZonePlace(0, 0, 100, 50));
    sources.put("yard/right", new ZonePlace(150, 50, 50, 50));
    for (Map.Entry<String, ZonePlace> source : sources.entrySet()) {
      ZonePlace place = source.getValue();
      int width = place == null ? 200 : place.width();
      int height = place == null ? 100 : place.height();
      byte[] value =
          SingleObject.encoder(io.boostnet.schema.ImageFrame.class)
              .encode(LiveRecords.frame(source.getKey(), sequence, now, width, height))
              .array();
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPICS.frames(), value);
      if (place != null) {
        record.headers().add(ZonePlace.HEADER, place.toBytes());
      }
      producer.send(record);
      producer.flush();
      io.boostnet.schema.Prediction said = LiveRecords.prediction(sequence, now, now + 12, 2, true);
      said.setSourceId(source.getKey());
      publish(TOPICS.predictions(), io.boostnet.schema.Prediction.class, said);
    }
    sequence++;
    producer.flush();
  }

  /** Left, top, width and height of what a selector finds, in parts of another thing. */
  private static List<Double> placeWithin(ChromeDriver driver, String outer, String inner) {
    return ((List<?>)
            driver.executeScript(
                "const o = document.querySelector(arguments[0]).getBoundingClientRect();"
                    + "const i = document.querySelector(arguments[1]).getBoundingClientRect();"
                    + "return [(i.left - o.left) / o.width, (i.top - o.top) / o.height,"
                    + " i.width / o.width, i.height / o.height]",
                outer,
                inner))
        .stream().map(part -> ((Number) part).doubleValue()).toList();
  }

  private static void assertPlace(ChromeDriver driver, String outer, String inner, double... at) {
    List<Double> place = placeWithin(driver, outer, inner);
    for (int i = 0; i < at.length; i++) {
      assertThat(place.get(i))
          .as("%s in %s: %s", inner, outer, place)
          .isCloseTo(at[i], within(0.02));
    }
  }

  @Test
  @Timeout(60)
  void stream_sendsWhatComesIn() throws Exception {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                URI.create(page.url() + "/live").toURL().openStream(), StandardCharsets.UTF_8))) {
      String line = "";
      while (!line.matches(".*\"decided\":[1-9].*") || !line.contains("data:image/png;base64")) {
        publishSecond();
        line = lines.readLine();
      }
      assertThat(line).startsWith("data: {").contains("test-pipeline", "the budget moved", "0.97");
      while (!line.contains("\"strips\":null")) { // nothing comes in: images are not sent again
        line = lines.readLine();
      }
    }
  }

  @Test
  @Timeout(60)
  void feed_unexpectedException_isShown_andTheTopicsAreReadAgain() throws Exception {
    KafkaAccess failing =
        new KafkaAccess(
            broker.bootstrapServers(),
            Map.of(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, Failing.class.getName()));
    Failing.fails = true;
    try (TopicFeed feed = TopicFeed.start(failing, TOPICS, FormatConfig.DEFAULT)) {
      await(
          () -> {
            publishSecond();
            String error = feed.state(0, -1, -1).error();
            return error != null && error.contains("NullPointerException");
          });
      Failing.fails = false;
      await(
          () -> {
            publishSecond();
            return feed.state(0, -1, -1).error() == null && feed.state(0, -1, -1).predictions() > 0;
          });
    }
  }

  /** Makes a consumer hand out no records at all, which nobody expects. */
  public static final class Failing implements ConsumerInterceptor<byte[], byte[]> {

    private static volatile boolean fails;

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
      return fails ? null : records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
  }

  @Test
  void takenPort_isToldInOneSentence() {
    int port = URI.create(page.url()).getPort();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> LivePage.start(kafka, TOPICS, "localhost", port))
        .isInstanceOf(io.boostnet.jobs.config.ConfigException.class)
        .hasMessageContaining("The live page cannot be served on localhost:" + port);
  }

  @Test
  void browser_showsTheRun_live_withoutErrors_alsoOnAPhone() throws Exception {
    assumeTrue(
        Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER),
        "no browser: apt-get install chromium chromium-driver");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions().setBinary(BROWSER.toString());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,1560");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver driver =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
            options);
    try {
      driver.get(page.url());
      await(
          () -> {
            publishSecond();
            return text(driver, "status").equals("live")
                && text(driver, "figure-budget").equals("0.600")
                && text(driver, "figure-accuracy").equals("66.7 %")
                && text(driver, "figure-busy").equals("90 %")
                && driver.findElements(By.cssSelector(".chart canvas")).size() == 6
                && driver.findElements(By.cssSelector(".strip")).size() == 3;
          });
      assertThat(text(driver, "name")).isEqualTo("test-pipeline, test-bundle 1");
      assertThat(driver.findElements(By.cssSelector(".strip li.wrong"))).isNotEmpty();
      assertThat(text(driver, "changes")).contains("the budget moved");
      assertThat(text(driver, "figure-agreement")).isEqualTo("97 %");
      assertThat(
              driver.executeScript(
                  "return percent(accuracy([{labelled: 1, right: 0}, {labelled: 9, right: 9}]))"))
          .isEqualTo("90.0 %");

      long seen = sequence;
      String version = "version " + (seen + 3);
      await(
          () -> {
            publishSecond();
            return text(driver, "changes").contains(version);
          });

      assertThat(text(driver, "changes")).contains("small moves, budget 0.600 to 0.600");
      // Without a pointer on it a legend tells the newest second.
      assertThat(text(driver, "chart-rate")).matches("(?s).*offered\\W*[0-9.]+.*");
      assertThat(text(driver, "chart-rate")).matches("(?s)Time\\W*\\d\\d:\\d\\d:\\d\\d.*");
      assertThat(driver.executeScript("return [1, 20, 100000, null].map(short).join()"))
          .isEqualTo("1,20,100k,");
      assertThat(
              driver.executeScript(
                  "const now = Math.floor(Date.now() / 1000);"
                      + "for (let t = now - 599; t < now - 60; t++) points.set(t, {...EMPTY, t});"
                      + "drawCharts();"
                      + "const axis = charts.get('wait').plot.axes[0];"
                      + "return axis._values.filter(v => v).length"))
          .as("labels on the time axis of ten minutes")
          .isInstanceOfSatisfying(
              Number.class, count -> assertThat(count.intValue()).isBetween(4, 12));
      shoot(driver, "live-page");

      driver.manage().window().setSize(new Dimension(390, 844));
      assertThat(
              driver.executeScript(
                  "return [...document.querySelectorAll('.strip ul')]"
                      + ".every(list => list.scrollWidth <= list.clientWidth)"))
          .as("every image is in sight")
          .isEqualTo(true);
      assertThat(
              driver.executeScript(
                  "return [...document.querySelectorAll('#name span')]"
                      + ".every(name => name.getClientRects().length == 1)"))
          .as("the version stands with the name")
          .isEqualTo(true);
      shoot(driver, "live-page-phone");
      assertNoOverflow(driver);

      driver.findElement(By.id("tab-wall")).click();
      await(
          () -> {
            publishSecond(); // of three exits: the page may be drawn after any of them
            String cameras = text(driver, "cameras");
            return driver.findElements(By.cssSelector(".camera .zone img")).size() == 1
                && Stream.of("camera", "stop sign", "90 %, exit 3", "cost")
                    .allMatch(cameras::contains);
          });
      assertThat(text(driver, "events")).contains("camera: nothing → stop sign");
      assertThat(driver.findElement(By.id("pipeline")).isDisplayed()).isFalse();
      assertNoOverflow(driver);
      shoot(driver, "live-page-wall-phone");
      driver.manage().window().setSize(new Dimension(1300, 900));
      shoot(driver, "live-page-wall");
      await(
          () -> {
            publishPlaced();
            return driver.findElements(By.cssSelector(".camera .area")).size() == 3;
          });
      // Cameras stand by name: camera, gate, yard.
      String gate = ".camera:nth-child(2) .scene";
      String yard = ".camera:nth-child(3) .scene";
      await(() -> placeWithin(driver, gate, gate + " .area").get(0) > 0);
      assertPlace(driver, gate, gate + " > img", 0, 0, 1, 1);
      assertPlace(driver, gate, gate + " .area", 0.1, 0.3, 0.2, 0.6);
      assertPlace(driver, yard, yard + " .area:nth-child(1)", 0, 0, 0.5, 0.5);
      assertThat(driver.findElements(By.cssSelector(yard + " .area img"))).hasSize(2);
      assertPlace(driver, yard, yard + " .area:nth-child(2)", 0.75, 0.5, 0.25, 0.5);
      assertThat(driver.findElement(By.cssSelector(gate)).getText()).isEqualTo("door");
      assertThat(driver.findElements(By.cssSelector(".camera:nth-child(2) .zone img"))).isEmpty();
      shoot(driver, "live-page-wall-zones");
      driver.manage().window().setSize(new Dimension(390, 844));
      assertNoOverflow(driver);
      driver.manage().window().setSize(new Dimension(1300, 900));
      driver.get(page.url() + "/#cameras");
      assertThat(driver.findElement(By.id("wall")).isDisplayed()).isTrue();

      await(() -> text(driver, "status").startsWith("no prediction for"));
      await(
          () ->
              "0".equals(driver.findElement(By.id("figure-served")).getDomProperty("textContent")));
      assertThat(driver.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
    } finally {
      driver.quit();
    }
  }

  private static void assertNoOverflow(ChromeDriver driver) {
    Object overflow =
        driver.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assertThat(((Number) overflow).intValue()).isLessThanOrEqualTo(0);
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("what is waited for comes within a minute").isLessThan(end);
      Thread.sleep(250);
    }
  }

  private static void shoot(ChromeDriver driver, String name) throws IOException {
    Files.write(
        Files.createDirectories(Path.of("target")).resolve(name + ".png"),
        driver.getScreenshotAs(OutputType.BYTES));
  }

  private static String text(ChromeDriver driver, String id) {
    return driver.findElement(By.id(id)).getText();
  }
}
