package io.boostnet.jobs.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What a network can do to the connections between a client and a server of this machine. It passes
 * everything on until it is told otherwise. Thread-safe; its threads are daemons and end with it.
 */
final class TcpProxy implements Closeable {

  private static final int CHUNK_BYTES = 64 << 10;

  private final ServerSocket listener;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile boolean refusing;
  private volatile long delayNanos;
  private boolean stalled;

  /** One direction of each of its two sockets is the input of a pump. */
  private record Link(Socket client, Socket server) {

    void reset() {
      reset(client);
      reset(server);
    }

    private static void reset(Socket socket) {
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        // It was closed already.
      }
    }
  }

  private TcpProxy(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** A proxy on a free port of the loopback interface, for a server's port. */
  static TcpProxy to(int target) {
    try {
      TcpProxy proxy =
          new TcpProxy(new ServerSocket(0, 128, InetAddress.getLoopbackAddress()), target);
      start("accept", proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("opening a proxy for port " + target, e);
    }
  }

  /** Where clients connect. */
  int port() {
    return listener.getLocalPort();
  }

  /**
   * From now on nothing arrives, in neither direction, and nobody is told: a network that drops.
   */
  synchronized void stall() {
    stalled = true;
  }

  /** Resets all connections, and from now on every new one. */
  void refuse() {
    refusing = true;
    links.forEach(Link::reset);
  }

  /** The server seems to close all connections; what clients send still arrives. */
  void halfClose() {
    for (Link link : links) {
      try {
        link.client().shutdownOutput();
      } catch (IOException e) {
        // It was closed already.
      }
    }
  }

  /** From now on every chunk of up to 64 KiB is held back for a time, one after the other. */
  void delay(Duration time) {
    delayNanos = time.toNanos();
  }

  /** Passes everything on again, and what was held back as well. */
  synchronized void heal() {
    refusing = false;
    delayNanos = 0;
    stalled = false;
    notifyAll();
  }

  private synchronized void awaitFlow() throws InterruptedException {
    while (stalled) {
      wait();
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        start("connect", () -> connect(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void connect(Socket client) {
    try {
      awaitFlow();
      if (refusing) {
        Link.reset(client);
        return;
      }
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      Link link = new Link(client, server);
      links.add(link);
      if (refusing || listener.isClosed()) {
        end(link);
        return;
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start("up", () -> pump(link, client, server));
      start("down", () -> pump(link, server, client));
    } catch (IOException e) {
      Link.reset(client); // no server there
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pump(Link link, Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int read = in.read(chunk);
      while (read >= 0) {
        TimeUnit.NANOSECONDS.sleep(delayNanos);
        awaitFlow();
        if (!to.isOutputShutdown()) {
          out.write(chunk, 0, read);
        }
        read = in.read(chunk);
      }
      awaitFlow();
    } catch (IOException e) {
      // Reset by either side: the other one is told below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end(link);
  }

  private void end(Link link) {
    if (links.remove(link)) {
      link.reset();
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, "proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing the proxy", e);
    }
    refuse();
    heal();
  }
}
