package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpProxyTest {

  private static final int SILENCE_MS = 300;

  private ServerSocket server;
  private TcpProxy proxy;
  private Socket client;
  private Socket accepted;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    proxy = TcpProxy.to(server.getLocalPort());
    client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    accepted = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    accepted.close();
    server.close();
  }

  private void exchange(int value) throws IOException {
    client.getOutputStream().write(value);
    assertThat(accepted.getInputStream().read()).isEqualTo(value);
    accepted.getOutputStream().write(value + 1);
    assertThat(client.getInputStream().read()).isEqualTo(value + 1);
  }

  @Test
  void healthy_passesBytesOnBothWays() throws IOException {
    exchange(5);
  }

  @Test
  void stall_holdsBytesBackUntilHealed() throws IOException {
    exchange(5);
    proxy.stall();
    client.getOutputStream().write(7);
    accepted.setSoTimeout(SILENCE_MS);
    assertThatThrownBy(() -> accepted.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    accepted.setSoTimeout(0);
    proxy.heal();
    assertThat(accepted.getInputStream().read()).isEqualTo(7);
  }

  @Test
  void delay_takesItsTimeEachWay() throws IOException {
    exchange(5);
    proxy.delay(Duration.ofMillis(200));
    long start = System.nanoTime();
    exchange(7);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void refuse_resetsOldAndNewConnectionsUntilHealed() throws IOException {
    exchange(5);
    proxy.refuse();
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(IOException.class);
    try (Socket another = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      assertThatThrownBy(() -> another.getInputStream().read()).isInstanceOf(IOException.class);
    }
    proxy.heal();
    try (Socket another = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        Socket answer = server.accept()) {
      another.getOutputStream().write(9);
      assertThat(answer.getInputStream().read()).isEqualTo(9);
    }
  }

  @Test
  void halfClose_endsTheAnswersAlone() throws IOException {
    exchange(5);
    proxy.halfClose();
    assertThat(client.getInputStream().read()).isEqualTo(-1);
    client.getOutputStream().write(7);
    assertThat(accepted.getInputStream().read()).isEqualTo(7);
  }
}
