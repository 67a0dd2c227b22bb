package io.boostnet.jobs.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that must know theirs before they start. They are free while they are chosen,
 * and may be taken before the server binds them; so they come from below those that systems give to
 * clients by themselves (from 32768 on Linux, 49152 elsewhere), at random. For any thread.
 */
public final class FreePorts {

  private static final int LOWEST = 20_000;
  private static final int BELOW = 32_768;
  private static final int TRIES = 1_000;

  private FreePorts() {}

  /**
   * Ports of the loopback interface, each another, that were free a moment ago.
   *
   * @param count how many, at least 1
   * @throws UncheckedIOException where there are none
   */
  public static int[] choose(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tries = 0; held.size() < count && tries < TRIES; tries++) {
        int port = ThreadLocalRandom.current().nextInt(LOWEST, BELOW);
        try {
          held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (BindException e) {
          // It is another's: the next one.
        }
      }
      if (held.size() < count) {
        throw new BindException("none after %d tries".formatted(TRIES));
      }
      return held.stream().mapToInt(ServerSocket::getLocalPort).toArray();
    } catch (IOException e) {
      throw new UncheckedIOException("looking for " + count + " free ports", e);
    } finally {
      held.forEach(FreePorts::release);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException("releasing port " + socket.getLocalPort(), e);
    }
  }
}
