package io.boostnet.jobs.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.BrokerExtension;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.jobs.load.BadFrame;
import io.boostnet.schema.DeadLetter;
import io.boostnet.schema.DeadLetterReason;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every bad input is a dead letter with its coordinates and bytes; odd images are classified. */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class BadInputITCase {

  private static final String TOPIC = "bad-input-frames";

  /** What must become of a record. */
  private record Case(byte[] value, DeadLetterReason reason, String stage) {}

  @Test
  void serve_everyKindOfInput_isClassifiedOrADeadLetter(KafkaAccess kafka) throws Exception {
    Map<String, Case> cases = cases();
    kafka.ensureTopics(Map.of(TOPIC, 1));
    Map<Long, String> nameAt = publish(kafka, cases);

    ServeConfig config =
        ServeRun.config("bad-input", kafka, TestBundle.DIRECTORY.toString(), TOPIC, 1);
    List<String> said = new ArrayList<>();
    ServeJob job = Preflight.prepare(config, true, new Configuration(), said::add);
    assertThat(said)
        .containsExactlyInAnyOrder(
            "created topic bad-input-predictions",
            "created topic bad-input-dead-letters",
            "created topic bad-input-control");
    ServeRun run = ServeRun.until(cases.size(), config, job, kafka);

    Map<String, Prediction> predictions = new LinkedHashMap<>();
    run.predictions().forEach(prediction -> predictions.put(prediction.getSourceId(), prediction));
    Map<String, DeadLetter> letters = new LinkedHashMap<>();
    run.deadLetters().forEach(letter -> letters.put(nameAt.get(letter.getOffset()), letter));
    assertThat(predictions.size() + letters.size()).isEqualTo(cases.size());
    cases.forEach((name, expected) -> check(name, expected, predictions, letters));
  }

  @Test
  void serve_deadLetterTopicWithALowLimit_cutsThePayload(KafkaAccess kafka) throws Exception {
    String frames = "low-limit-frames";
    kafka.ensureTopics(Map.of(frames, 1));
    ServeConfig config =
        ServeRun.config("low-limit", kafka, TestBundle.DIRECTORY.toString(), frames, 1);
    try (Admin admin = Admin.create(kafka.properties())) {
      NewTopic small = new NewTopic(config.kafka().topics().deadLetters(), 2, (short) 1);
      admin
          .createTopics(List.of(small.configs(Map.of("max.message.bytes", "1000000"))))
          .all()
          .get();
    }
    byte[] value = BadFrame.OVERSIZED.value(Frames.frame("x", 7), 1);
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      producer.send(new ProducerRecord<>(frames, value)).get();
    }

    ServeJob job = Preflight.prepare(config, true, new Configuration(), line -> {});
    ServeRun run = ServeRun.until(1, config, job, kafka);

    DeadLetter letter = run.deadLetters().get(0);
    assertThat(letter.getPayloadSize()).isEqualTo(value.length);
    assertThat(letter.getPayload().remaining()).isBetween(900_000, 1_000_000);
  }

  private static void check(
      String name,
      Case expected,
      Map<String, Prediction> predictions,
      Map<String, DeadLetter> letters) {
    if (expected.reason() == null) {
      assertThat(predictions).as("%s; %s", name, letters.get(name)).containsKey(name);
      return;
    }
    assertThat(letters).as(name).containsKey(name);
    DeadLetter letter = letters.get(name);
    assertThat(letter.getReason())
        .as("%s: %s", name, letter.getDetail())
        .isEqualTo(expected.reason());
    assertThat(letter.getStage()).as(name).isEqualTo(expected.stage());
    assertThat(letter.getTopic()).as(name).isEqualTo(TOPIC);
    assertThat(letter.getPartition()).as(name).isZero();
    assertThat(letter.getDetail()).as(name).isNotBlank();
    byte[] original = expected.value() == null ? new byte[0] : expected.value();
    assertThat(letter.getPayloadSize()).as(name).isEqualTo(original.length);
    assertThat(letter.getPayload()).as(name).isEqualTo(ByteBuffer.wrap(original));
  }

  private static Map<Long, String> publish(KafkaAccess kafka, Map<String, Case> cases)
      throws ExecutionException, InterruptedException {
    Map<Long, String> nameAt = new LinkedHashMap<>();
    try (Producer<byte[], byte[]> producer = kafka.producer()) {
      for (Map.Entry<String, Case> one : cases.entrySet()) {
        var record = new ProducerRecord<byte[], byte[]>(TOPIC, one.getValue().value());
        nameAt.put(producer.send(record).get().offset(), one.getKey());
      }
    }
    return nameAt;
  }

  private static Map<String, Case> cases() throws IOException {
    Map<String, Case> cases = new LinkedHashMap<>();
    byte[] png = bytes(Frames.frame("x", 7));
    byte[] jpeg = Frames.encoded(picture(64, 48, BufferedImage.TYPE_INT_RGB), "jpg");
    ImageFrame good = Frames.frame("x", 7);

    good(cases, "PNG", "image/png", png);
    good(cases, "JPEG of another size", "image/jpeg", jpeg);
    bad(cases, "tombstone", null, DeadLetterReason.UNREADABLE_RECORD, "read");
    for (BadFrame kind :
        new BadFrame[] {BadFrame.NOT_AVRO, BadFrame.EMPTY, BadFrame.OTHER_SCHEMA}) {
      bad(cases, kind.name(), kind.value(good, 1), DeadLetterReason.UNREADABLE_RECORD, "read");
    }
    byte[] whole = encode(good);
    bad(
        cases,
        "frame cut off",
        Arrays.copyOf(whole, whole.length / 2),
        DeadLetterReason.UNREADABLE_RECORD,
        "read");
    corrupt(cases, "truncated PNG", "image/png", Arrays.copyOf(png, png.length / 2));
    corrupt(cases, "truncated JPEG", "image/jpeg", Arrays.copyOf(jpeg, jpeg.length / 2));
    corrupt(cases, "corrupt PNG", "image/png", overwritten(png, png.length / 2));
    corrupt(cases, "corrupt JPEG", "image/jpeg", overwritten(jpeg, 2));
    corrupt(cases, "PNG header alone", "image/png", Arrays.copyOf(png, 33));
    corrupt(cases, "no image bytes", "image/png", new byte[0]);
    bad(
        cases,
        "text as JPEG",
        BadFrame.TEXT_AS_IMAGE.value(good, 1),
        DeadLetterReason.CORRUPT_IMAGE,
        "decode");
    bad(
        cases,
        "20 MB record",
        BadFrame.OVERSIZED.value(good, 1),
        DeadLetterReason.TOO_LARGE,
        "decode");
    bad(cases, "PNG bomb", BadFrame.BOMB.value(good, 1), DeadLetterReason.TOO_LARGE, "decode");
    bad(
        cases,
        "JPEG bomb",
        frame("JPEG bomb", "image/jpeg", claiming60000(jpeg)),
        DeadLetterReason.TOO_LARGE,
        "decode");
    good(cases, "PNG said to be a JPEG", "image/jpeg", png);
    bad(
        cases,
        "video",
        BadFrame.WRONG_CONTENT_TYPE.value(good, 1),
        DeadLetterReason.UNSUPPORTED_CONTENT,
        "decode");
    corrupt(cases, "raw planes without a size", "image/x-rgb-planes", new byte[3072]);

    good(cases, "gray PNG", "image/png", picture(BufferedImage.TYPE_BYTE_GRAY, "png"));
    good(cases, "gray JPEG", "image/jpeg", picture(BufferedImage.TYPE_BYTE_GRAY, "jpg"));
    good(cases, "16 bit gray PNG", "image/png", picture(BufferedImage.TYPE_USHORT_GRAY, "png"));
    good(cases, "PNG with alpha", "image/png", picture(BufferedImage.TYPE_INT_ARGB, "png"));
    good(cases, "palette PNG", "image/png", picture(BufferedImage.TYPE_BYTE_INDEXED, "png"));
    try (InputStream cmyk =
        Files.newInputStream(
            Path.of("..", "operators", "src", "test", "resources", "images", "cmyk-red.jpg"))) {
      good(cases, "CMYK JPEG", "image/jpeg", cmyk.readAllBytes());
    }
    good(
        cases,
        "1 x 1 pixel",
        "image/png",
        Frames.encoded(picture(1, 1, BufferedImage.TYPE_INT_RGB), "png"));
    good(
        cases,
        "1000 x 3 pixels",
        "image/png",
        Frames.encoded(picture(1000, 3, BufferedImage.TYPE_INT_RGB), "png"));
    good(cases, "the last one", "image/png", png);
    return cases;
  }

  private static void good(Map<String, Case> cases, String name, String type, byte[] image) {
    cases.put(name, new Case(frame(name, type, image), null, null));
  }

  private static void corrupt(Map<String, Case> cases, String name, String type, byte[] image) {
    bad(cases, name, frame(name, type, image), DeadLetterReason.CORRUPT_IMAGE, "decode");
  }

  private static void bad(
      Map<String, Case> cases, String name, byte[] value, DeadLetterReason reason, String stage) {
    cases.put(name, new Case(value, reason, stage));
  }

  private static byte[] frame(String name, String contentType, byte[] image) {
    return encode(Frames.frame(name, 0, contentType, image));
  }

  private static byte[] encode(ImageFrame frame) {
    try {
      return array(ImageFrame.getEncoder().encode(frame));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(ImageFrame frame) {
    return array(frame.getImage());
  }

  private static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] picture(int type, String format) {
    return Frames.encoded(picture(32, 32, type), format);
  }

  private static BufferedImage picture(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.ORANGE);
    graphics.fillOval(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  private static byte[] overwritten(byte[] image, int from) {
    byte[] bytes = image.clone();
    Arrays.fill(bytes, from, Math.min(bytes.length, from + 24), (byte) 0x5a);
    return bytes;
  }

  /** Writes 60,000 x 60,000 into the frame header of a baseline JPEG. */
  private static byte[] claiming60000(byte[] jpeg) {
    byte[] bytes = jpeg.clone();
    for (int i = 0; i < bytes.length - 8; i++) {
      if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == 0xc0) {
        ByteBuffer.wrap(bytes).putShort(i + 5, (short) 60_000).putShort(i + 7, (short) 60_000);
        return bytes;
      }
    }
    throw new IllegalArgumentException("no baseline JPEG");
  }
}
