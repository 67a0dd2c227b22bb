package io.boostnet.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.inference.GoldenCheck;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.StageRunner;
import io.boostnet.flink.inference.StageRunnerFactory;
import io.boostnet.flink.model.Cascade;
import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.Features;
import io.boostnet.flink.model.Frame;
import io.boostnet.flink.model.Origin;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.SampleDecoder;
import io.boostnet.flink.model.Stage;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.stage.FakeCascade;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Numbers through a cascade that carries them: the larger one is, the surer every exit. */
class LocalCascadeTest {

  private static final float EASY = 5;
  private static final float HARD = 0.1f;
  private static final float LARGEST = 100;
  private static final MicroBatching FOUR = MicroBatching.of(4);

  private LocalCascade<Float> open;

  @BeforeEach
  void reset() {
    FakeCascade.reset();
  }

  @AfterEach
  void closed_leavesNothingOpen() {
    if (open != null) {
      open.close();
    }
    assertThat(FakeCascade.OPEN_RUNNERS).hasValue(0);
    assertThat(FakeCascade.OPEN_BATCHES).hasValue(0);
  }

  @Test
  void easyRows_leave_andTheOthersGoOnTogetherUnderTheirOwnIndex() throws Exception {
    Heard heard = classify(FOUR, EASY, HARD, EASY, HARD);

    assertThat(FakeCascade.CALLS).containsExactly(4, 2, 2);
    assertThat(heard.exits).isEqualTo(Map.of(0, 1, 1, 3, 2, 1, 3, 3));
    assertThat(heard.confidences.get(1)).containsOnly(confidence(HARD)).hasSize(3);
    assertThat(heard.confidences.get(2)).containsExactly(confidence(EASY));
    assertThat(heard.frames.get(3).sequence()).isEqualTo(3);
    assertThat(heard.rejections).isEmpty();
  }

  @Test
  void allLeave_laterStagesDoNotRun() throws Exception {
    classify(FOUR, EASY, EASY);

    assertThat(FakeCascade.CALLS).containsExactly(2);
  }

  @Test
  void records_thatAreNoImage_areRejectedAsDecodingSays_andTakeNoRow() throws Exception {
    Heard heard = classify(FOUR, HARD, 2 * LARGEST, HARD);

    assertThat(FakeCascade.CALLS).containsExactly(2, 2, 2);
    assertThat(heard.exits).isEqualTo(Map.of(0, 3, 2, 3));
    assertThat(heard.rejections.get(1).reason()).isEqualTo(Rejection.Reason.TOO_LARGE);
    assertThat(heard.rejections.get(1).frame().sequence()).isEqualTo(1);
  }

  @Test
  void row_thatTheNetworkFailsFor_isRejectedAlone() throws Exception {
    Heard heard = classify(FOUR, HARD, -1, EASY);

    assertThat(FakeCascade.CALLS).containsExactly(3, 1, 1, 1, 1, 1); // the third has left
    assertThat(heard.exits).isEqualTo(Map.of(0, 3, 2, 1));
    assertThat(heard.rejections).containsOnlyKeys(1);
    assertThat(heard.rejections.get(1).reason()).isEqualTo(Rejection.Reason.INFERENCE_FAILED);
    assertThat(heard.rejections.get(1).stage()).isEqualTo("stage-1");
    assertThat(heard.rejections.get(1).detail()).isEqualTo("row 0 is negative");
  }

  @Test
  void row_withLogitsThatAreNotFinite_isRejected() throws Exception {
    Heard heard = classify(FOUR, Float.NaN, HARD);

    assertThat(FakeCascade.CALLS).containsExactly(2, 1, 1);
    assertThat(heard.exits).isEqualTo(Map.of(1, 3));
    assertThat(heard.rejections.get(0).detail()).isEqualTo("the logits of stage-1 are not finite");
  }

  @Test
  void onlyFailures_endTheCall_whereAGoodRowBetweenThemDoesNot() throws Exception {
    LocalCascade<Float> cascade = open(MicroBatching.of(40), 40);
    Heard heard = new Heard(HARD);
    List<Float> failing = Collections.nCopies(31, -1f);
    cascade.classify(failing, heard);
    cascade.classify(List.of(EASY), heard);
    cascade.classify(failing, heard);
    assertThat(heard.rejections).hasSize(31);

    assertThatThrownBy(() -> cascade.classify(List.of(Float.NaN), heard))
        .isInstanceOf(InferenceException.class)
        .hasMessage(
            "the network failed for 32 frames in a row, the last at stage-1: the logits of stage-1"
                + " are not finite");
  }

  @Test
  void call_afterOneThatThrew_beginsAnew() throws Exception {
    LocalCascade<Float> cascade = open(FOUR, 4);
    assertThatThrownBy(() -> cascade.classify(List.of(HARD, EASY), new Heard(HARD)))
        .hasMessage("told to");

    Heard heard = new Heard(Float.NaN);
    cascade.classify(List.of(EASY, HARD, HARD, HARD), heard);

    assertThat(heard.exits).isEqualTo(Map.of(0, 1, 1, 3, 2, 3, 3, 3));
  }

  @Test
  void capacity_isTheBestOfTheServiceCurveWithinTheLinger_orAllThatThereCanBe() throws Exception {
    MicroBatching auto = MicroBatching.auto().withLinger(Duration.ofMillis(2));

    try (LocalCascade<Float> many = open(auto, 100);
        LocalCascade<Float> three = open(auto, 3);
        LocalCascade<Float> six = open(MicroBatching.of(6), 100)) {
      assertThat(many.capacity()).isEqualTo(4); // a call of 4 takes 2 ms, one of 8 takes 3
      assertThat(three.capacity()).isEqualTo(3);
      assertThat(six.capacity()).isEqualTo(6);
    } finally {
      open = null;
    }
  }

  @Test
  void stage_thatCannotBeOpened_closesThoseBefore() {
    StageRunnerFactory broken =
        new StageRunnerFactory() {
          private static final long serialVersionUID = 1;

          @Override
          public Stage stage() {
            return FakeCascade.stage(2);
          }

          @Override
          public StageRunner open() throws InferenceException {
            throw new InferenceException("no such device");
          }

          @Override
          public GoldenCheck goldenCheck() {
            return GoldenCheck.none();
          }
        };
    assertThatThrownBy(
            () ->
                new LocalCascade<>(
                    cascade(), List.of(new FakeCascade.Factory(1), broken), new Numbers(), FOUR, 4))
        .hasMessage("no such device");
  }

  private Heard classify(MicroBatching batching, float... numbers) throws Exception {
    List<Float> records = new ArrayList<>();
    for (float number : numbers) {
      records.add(number);
    }
    Heard heard = new Heard(Float.NaN);
    open(batching, numbers.length).classify(records, heard);
    return heard;
  }

  private LocalCascade<Float> open(MicroBatching batching, int most)
      throws IOException, InferenceException {
    List<StageRunnerFactory> stages = new ArrayList<>();
    for (int index = 1; index <= FakeCascade.STAGES; index++) {
      stages.add(new FakeCascade.Factory(index));
    }
    open = new LocalCascade<>(cascade(), stages, new Numbers(), batching, most);
    return open;
  }

  private static Cascade cascade() {
    return new Cascade(
        "numbers",
        "1",
        List.of("large", "small"),
        null,
        IntStream.rangeClosed(1, FakeCascade.STAGES).mapToObj(FakeCascade::stage).toList());
  }

  private static float confidence(float number) {
    return (float) (1 / (1 + Math.exp(-number)));
  }

  /** Lets those leave that are sure, and keeps what it was told. */
  private static final class Heard implements LocalCascade.Judge {
    private final float throwsAt;
    private final Map<Integer, Integer> exits = new HashMap<>();
    private final Map<Integer, Frame> frames = new HashMap<>();
    private final Map<Integer, List<Float>> confidences = new TreeMap<>();
    private final Map<Integer, Rejection> rejections = new HashMap<>();

    Heard(float throwsAt) {
      this.throwsAt = throwsAt;
    }

    @Override
    public boolean goesOn(LocalCascade.Said said) {
      float confidence = said.confidence().value();
      if (confidence == confidence(throwsAt)) {
        throw new IllegalStateException("told to");
      }
      exits.put(said.index(), said.exit());
      frames.put(said.index(), said.frame());
      confidences.computeIfAbsent(said.index(), index -> new ArrayList<>()).add(confidence);
      return confidence < 0.9;
    }

    @Override
    public void rejected(int index, Rejection why) {
      rejections.put(index, why);
    }
  }

  /** Records that are numbers; those above the largest are refused. */
  private static final class Numbers implements SampleDecoder<Float> {
    private static final long serialVersionUID = 1;
    private long count;

    @Override
    public void open() {}

    @Override
    public EncodedFrame read(Float number) {
      Frame frame = new Frame("numbers", count++, 0, 0, Origin.elsewhere(new byte[0]));
      byte[] bytes = ByteBuffer.allocate(4).putFloat(number).array();
      return EncodedFrame.of(frame, "", bytes);
    }

    @Override
    public void decode(EncodedFrame encoded, Features image) throws RejectedFrameException {
      float number = ByteBuffer.wrap(encoded.image()).getFloat();
      if (number > LARGEST) {
        throw new RejectedFrameException(
            new Rejection(
                encoded.frame(), Rejection.Reason.TOO_LARGE, Rejection.DECODE, "too large"));
      }
      image.tensors()[0].putFloat(0, number);
    }

    @Override
    public long flawed() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
