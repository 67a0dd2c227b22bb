package io.boostnet.flink.reference;

import io.boostnet.flink.model.EncodedFrame;
import io.boostnet.flink.model.FrameDecoder;
import io.boostnet.flink.model.RejectedFrameException;
import io.boostnet.flink.model.Rejection;
import io.boostnet.flink.model.Rejection.Reason;
import io.boostnet.flink.options.References;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.util.Collections;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.annotation.Internal;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * Before the chain: from a record to its frame, whose image is fetched where it lies elsewhere.
 * Records are read on the task's thread, images on threads of their own, as many as may be waited
 * for, so that a slow store holds up nothing but the frames that lie there. What cannot be had in
 * time is a rejection.
 *
 * @param <I> type of the stream's records
 */
@Internal
public final class ReferenceReader<I> extends RichAsyncFunction<I, FetchedFrame> {

  private static final long serialVersionUID = 1;
  private static final long FIRST_PAUSE_MS = 50;
  private static final int SHOWN_CHARS = 200;

  private final FrameDecoder<I> format;
  private final References references;
  private final int maxBytes;

  private transient ImageStore store;
  private transient ExecutorService threads;

  /**
   * A reader.
   *
   * @param format from a record to its frame
   * @param references from where, and how long
   * @param maxBytes largest image, in bytes
   */
  public ReferenceReader(FrameDecoder<I> format, References references, int maxBytes) {
    this.format = format;
    this.references = references;
    this.maxBytes = maxBytes;
  }

  @Override
  public void open(OpenContext context) {
    format.open();
    store = new ImageStore(references.timeout(), maxBytes);
    AtomicInteger count = new AtomicInteger();
    threads =
        Executors.newFixedThreadPool(
            references.capacity(),
            work -> {
              Thread thread = new Thread(work, "references-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public void asyncInvoke(I record, ResultFuture<FetchedFrame> result) {
    EncodedFrame frame;
    try {
      frame = format.decode(record);
    } catch (RejectedFrameException e) {
      complete(result, new FetchedFrame(null, e.rejection()));
      return;
    }
    if (frame.reference() == null) {
      complete(result, new FetchedFrame(frame, null));
    } else {
      threads.execute(() -> complete(result, fetched(frame)));
    }
  }

  @Override
  public void timeout(I record, ResultFuture<FetchedFrame> result) {
    try {
      complete(result, rejected(format.decode(record), Reason.IMAGE_UNAVAILABLE, tooLate()));
    } catch (RejectedFrameException e) {
      complete(result, new FetchedFrame(null, e.rejection()));
    }
  }

  private FetchedFrame fetched(EncodedFrame frame) {
    try {
      URI uri = URI.create(frame.reference());
      if (!references.allows(uri)) {
        return rejected(frame, Reason.IMAGE_UNAVAILABLE, "the job may not read from there");
      }
      return new FetchedFrame(frame.fetched(read(uri)), null);
    } catch (ImageStore.UnavailableException e) {
      return rejected(
          frame, e.isTooLarge() ? Reason.TOO_LARGE : Reason.IMAGE_UNAVAILABLE, e.getMessage());
    } catch (IOException | RuntimeException e) {
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return rejected(frame, Reason.IMAGE_UNAVAILABLE, reason);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return rejected(frame, Reason.IMAGE_UNAVAILABLE, "the job is ending");
    }
  }

  private String tooLate() {
    return "it did not come within %d ms".formatted(references.timeout().toMillis());
  }

  private byte[] read(URI uri)
      throws ImageStore.UnavailableException, IOException, InterruptedException {
    for (int tries = 0; ; tries++) {
      try {
        return store.read(uri);
      } catch (HttpTimeoutException e) { // as long as all tries may take: whoever notices first
        throw new IOException(tooLate(), e);
      } catch (IOException e) {
        if (tries == references.retries()) {
          throw new IOException(
              "%d tries failed, the last with %s".formatted(tries + 1, e.getMessage()), e);
        }
        TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MS << Math.min(tries, 6));
      }
    }
  }

  private static FetchedFrame rejected(EncodedFrame frame, Reason reason, String detail) {
    String uri = frame.reference();
    String shown = uri.length() > SHOWN_CHARS ? uri.substring(0, SHOWN_CHARS) + "..." : uri;
    return new FetchedFrame(
        null,
        new Rejection(
            frame.frame(),
            reason,
            Rejection.FETCH,
            "the image at %s cannot be had: %s".formatted(shown, detail)));
  }

  private static void complete(ResultFuture<FetchedFrame> result, FetchedFrame frame) {
    result.complete(Collections.singleton(frame));
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    format.close();
  }
}
