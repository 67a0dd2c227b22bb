package io.boostnet.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.flink.exit.Thresholds;
import io.boostnet.jobs.Frames;
import io.boostnet.jobs.TestBundle;
import io.boostnet.jobs.broker.EmbeddedBroker;
import io.boostnet.jobs.kafka.KafkaAccess;
import io.boostnet.schema.ImageFrame;
import io.boostnet.schema.Prediction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServingProcessITCase {

  private static final Offset<Double> TWO_IMAGES = Offset.offset(2.0 / 200);

  @TempDir Path directory;

  @Test
  void relay_answersEveryFrame_andItsTopicsEndWithIt() throws Exception {
    Workload work = Workload.read(TestBundle.DIRECTORY.toString(), frames(), 2);
    Checkout build =
        new Checkout(
            Path.of("").toAbsolutePath(),
            work,
            ImageFrame.getClassSchema(),
            Prediction.getClassSchema());
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        Topics topics = new Topics(KafkaAccess.to(broker.bootstrapServers()), 2);
        Admin admin = Admin.create(topics.kafka().properties())) {
      try (ServingProcess relay = ServingProcess.relay(build, topics)) {
        Measurement turn = relay.take(500);
        Latencies latencies = relay.latencies(100, 3); // throws where a frame has no answer

        assertThat(turn.images()).isEqualTo(500);
        assertThat(latencies.decidedMillis(50)).isLessThanOrEqualTo(latencies.readMillis(50) + 1);
        assertThat(admin.listTopics().names().get()).hasSize(2);
      }
      while (!admin.listTopics().names().get().isEmpty()) { // a broker learns of it afterwards
        Thread.sleep(50);
      }
    }
  }

  @Test
  void loopThatDecodes_classifiesAsTheOneThatDoesNot() throws Exception {
    Workload work =
        Workload.read(TestBundle.DIRECTORY.toString(), frames(), 1)
            .leavingAt(Thresholds.of(1, 0.2, 0.2, 0));

    Measurement decoded = new MicroBatchLoop("decoded beforehand", work).run(0, 200);
    Measurement decoding = MicroBatchLoop.decoding("decodes", work).run(0, 200);

    assertThat(decoding.images()).isEqualTo(decoded.images()).isEqualTo(200);
    // Micro-batches may differ, and with them the last bits of a confidence.
    assertThat(decoding.accuracy())
        .isBetween(0.001, 0.99)
        .isCloseTo(decoded.accuracy(), TWO_IMAGES);
    assertThat(decoding.meanCost()).isBetween(0.1, 0.99).isCloseTo(decoded.meanCost(), TWO_IMAGES);
  }

  private Path frames() {
    List<ImageFrame> labelled = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ImageFrame frame = Frames.noise("camera", i);
      frame.setLabel(i % 10);
      labelled.add(frame);
    }
    return Frames.write(directory.resolve("frames.avro"), labelled);
  }
}
