package io.boostnet.flink.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.flink.inference.Device;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread that calls a GPU, which needs none as long as the calls do not. */
class ProviderTest {

  private final Provider gpu = new Provider(new Device(Device.Kind.CUDA, 0), false);

  @AfterEach
  void close() {
    gpu.close();
  }

  @Test
  void call_taskIsInterrupted_itIsWaitedFor_andTheInterruptStays() throws Exception {
    Thread task = Thread.currentThread();
    AtomicBoolean ended = new AtomicBoolean();

    gpu.call(
        () -> {
          task.interrupt();
          while (task.isInterrupted()) {
            Thread.onSpinWait(); // until the wait has noticed
          }
          ended.set(true);
          return null;
        });

    assertThat(ended).isTrue();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void call_fails_theCauseIsThrown() {
    IllegalStateException failure = new IllegalStateException("out of memory");
    assertThatThrownBy(
            () ->
                gpu.call(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
  }
}
