package io.boostnet.flink.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.boostnet.flink.EarlyExitInference;
import io.boostnet.flink.TestBundles;
import io.boostnet.flink.options.OutputOrder;
import io.boostnet.flink.options.References;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames whose images lie on disk and behind an HTTP server, some of them nowhere. */
class ReferencesITCase {

  private static final int FRAMES = 1_000;
  private static final int KINDS = 40;

  @TempDir Path directory;

  private List<ImageFrame> images;
  private HttpServer server;
  private ExecutorService threads;
  private final ConcurrentHashMap<String, Integer> asked = new ConcurrentHashMap<>();

  /** What every answer of the server waits for. */
  private volatile Duration latency = Duration.ZERO;

  @BeforeEach
  void store() throws IOException {
    images = TestBundles.frames(KINDS);
    for (int i = 0; i < KINDS; i++) {
      Files.write(directory.resolve(i + ".png"), bytes(i));
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext(
        "/photos/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().substring("/photos/".length());
          int times = asked.merge(name, 1, Integer::sum);
          LockSupport.parkNanos(latency.toNanos());
          byte[] body = new byte[0];
          int status = 404;
          if (name.startsWith("flaky-") && times < 3) {
            status = 503;
          } else if (name.endsWith(".png")) {
            body = bytes(Integer.parseInt(name.replaceAll("\\D", "")) % KINDS);
            status = 200;
          }
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private byte[] bytes(int kind) {
    ByteBuffer image = images.get(kind).getImage();
    byte[] bytes = new byte[image.remaining()];
    image.get(image.position(), bytes);
    return bytes;
  }

  private String web(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/photos/" + name;
  }

  private String disk(String name) {
    return "file:" + directory.toAbsolutePath() + "/" + name;
  }

  private static ImageFrame referring(long sequence, String uri) {
    return ImageFrame.newBuilder()
        .setSourceId("camera")
        .setSequence(sequence)
        .setTimestampMs(sequence)
        .setContentType("image/png")
        .setImage(ByteBuffer.allocate(0))
        .setReference(uri)
        .build();
  }

  /** What came out of a run, and how long it took. */
  private record Run(List<Prediction> predictions, List<DeadLetter> letters, Duration time) {}

  private Run run(List<ImageFrame> frames, OutputOrder order, References references)
      throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.getConfig().enableObjectReuse();
    env.setParallelism(1);
    DataStream<ImageFrame> stream =
        env.fromData(frames, new AvroTypeInfo<>(ImageFrame.class)).setParallelism(1);
    EarlyExitInference.Result result =
        EarlyExitInference.fromBundle(TestBundles.random().toString())
            .withOrder(order)
            .withReferences(references)
            .apply(stream);
    List<Prediction> predictions = new ArrayList<>();
    List<DeadLetter> letters = new ArrayList<>();
    var all = result.predictions().collectAsync();
    var dead = result.deadLetters().collectAsync();
    long start = System.nanoTime();
    var job = env.executeAsync();
    all.forEachRemaining(predictions::add);
    dead.forEachRemaining(letters::add);
    job.getJobExecutionResult().get(60, TimeUnit.SECONDS);
    return new Run(predictions, letters, Duration.ofNanos(System.nanoTime() - start));
  }

  private References references() {
    return new References(List.of(web(""), disk("")), 64, Duration.ofSeconds(20), 2);
  }

  @Test
  void images_onDiskAndBehindHttp_oneInTenMissing_areClassifiedOrDeadLetters() throws Exception {
    List<ImageFrame> frames = new ArrayList<>();
    List<ImageFrame> inline = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      String name = i % 10 == 0 ? "missing" : i % KINDS + ".png";
      frames.add(referring(i, i % 2 == 0 ? web(name) : disk(name)));
      if (i % 10 == 5) { // one in ten of those on disk
        frames.set(i, referring(i, disk("missing")));
      }
      inline.add(ImageFrame.newBuilder(images.get(i % KINDS)).setSequence(i).build());
    }

    Run fetched = run(frames, OutputOrder.ORDERED, references());
    Run direct = run(inline, OutputOrder.ORDERED, references());

    assertThat(fetched.letters())
        .extracting(DeadLetter::getSequence)
        .containsExactlyElementsOf(
            IntStream.range(0, FRAMES).filter(i -> i % 5 == 0).mapToObj(Long::valueOf).toList());
    assertThat(fetched.letters())
        .allSatisfy(
            letter -> {
              assertThat(letter.getReason()).isEqualTo(DeadLetterReason.IMAGE_UNAVAILABLE);
              assertThat(letter.getStage()).isEqualTo("fetch");
              assertThat(letter.getDetail()).contains("missing").contains("not there");
            });
    assertThat(fetched.predictions())
        .extracting(Prediction::getSequence, Prediction::getLabel, Prediction::getConfidence)
        .containsExactlyElementsOf(
            direct.predictions().stream()
                .filter(prediction -> prediction.getSequence() % 5 != 0)
                .map(
                    p ->
                        org.assertj.core.groups.Tuple.tuple(
                            p.getSequence(), p.getLabel(), p.getConfidence()))
                .toList());
  }

  @Test
  void slowStore_holdsUpOnlyTheFramesThatLieThere_andManyAreWaitedForAtATime() throws Exception {
    latency = Duration.ofMillis(1_000);
    List<ImageFrame> frames = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      frames.add(
          i % 2 == 0
              ? referring(i, web(i + ".png"))
              : ImageFrame.newBuilder(images.get(i % KINDS)).setSequence(i).build());
    }

    Run run = run(frames, OutputOrder.UNORDERED, references());

    assertThat(run.predictions()).hasSize(400);
    // Two hundred seconds of waiting, 64 at a time.
    assertThat(run.time()).isLessThan(Duration.ofSeconds(30));
    List<Long> first = run.predictions().stream().limit(20).map(Prediction::getSequence).toList();
    assertThat(first).allSatisfy(sequence -> assertThat(sequence % 2).isOne());
  }

  @Test
  void storeThatFailsTwice_isAskedAThirdTime() throws Exception {
    Run run = run(List.of(referring(0, web("flaky-1.png"))), OutputOrder.UNORDERED, references());

    assertThat(run.predictions()).hasSize(1);
    assertThat(asked).containsEntry("flaky-1.png", 3);
  }

  @Test
  void imageThatComesTooLate_isADeadLetter() throws Exception {
    latency = Duration.ofSeconds(3);
    References hasty = new References(List.of(web("")), 4, Duration.ofMillis(200), 0);

    Run run = run(List.of(referring(0, web("1.png"))), OutputOrder.ORDERED, hasty);

    assertThat(run.letters().get(0).getDetail()).contains("200 ms");
  }

  @Test
  void uriThatIsNotAllowed_isADeadLetter_andNothingIsAsked() throws Exception {
    Path secret = Files.writeString(directory.resolveSibling("secret.png"), "secret");
    List<ImageFrame> frames =
        List.of(
            referring(0, "file:" + secret.toAbsolutePath()),
            referring(1, disk("../secret.png")),
            referring(2, disk("%2e%2e/secret.png")),
            referring(3, web("..%2fsecret.png")),
            referring(4, "http://127.0.0.1:" + server.getAddress().getPort() + "/secret"),
            referring(5, "not a uri"),
            referring(6, ""));

    Run run = run(frames, OutputOrder.ORDERED, references());

    assertThat(run.letters())
        .hasSize(frames.size())
        .allSatisfy(
            letter -> assertThat(letter.getReason()).isEqualTo(DeadLetterReason.IMAGE_UNAVAILABLE));
    assertThat(asked).isEmpty();
  }
}
