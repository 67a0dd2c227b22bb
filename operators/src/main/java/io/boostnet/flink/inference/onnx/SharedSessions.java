package io.boostnet.flink.inference.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.inference.InferenceException;
import io.boostnet.flink.inference.ServiceCurve;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.model.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.annotation.Internal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a class loader: one per model and device, shared by all subtasks in the JVM that
 * run it, counted, and closed with the last user. Thread-safe. Flink loads the jar of every job
 * anew, so that jobs share sessions only where this library lies in Flink's {@code lib/}, or where
 * they run in the JVM that submits them.
 *
 * <p>This is the one piece of static mutable state: a session holds the weights and, on a GPU, the
 * device memory, and the subtasks of a TaskManager have nothing else in common.
 */
@Internal
public final class SharedSessions {

  private static final Logger LOG = LoggerFactory.getLogger(SharedSessions.class);
  private static final Map<Key, Shared> OPEN = new HashMap<>();

  /** How a device is used, found out once; forgotten with the last session. */
  private static final Map<Device, Provider> PROVIDERS = new HashMap<>();

  /** Which form of a bundle's stages serves; never forgotten, since stages open one by one. */
  private static final Map<Object, Precision> FORMS = new HashMap<>();

  private SharedSessions() {}

  /** Finds out which form of a bundle's stages serves. */
  @FunctionalInterface
  public interface FormSearch {
    Precision find() throws IOException, InferenceException;
  }

  /**
   * The form of a bundle's stages that serves in this process: searched for once, and the same for
   * all stages, since what one hands on the next must take.
   *
   * @param key the bundle and the device
   */
  public static Precision form(Object key, FormSearch search)
      throws IOException, InferenceException {
    synchronized (FORMS) {
      Precision form = FORMS.get(key);
      if (form == null) {
        form = search.find();
        FORMS.put(key, form);
      }
      return form;
    }
  }

  /** Reads the bytes of a model when they are needed. */
  @FunctionalInterface
  public interface ModelSource {
    byte[] read() throws IOException;
  }

  private record Key(String sha256, Device device) {}

  /** Which sizes a service curve has: those up to the largest, as long as calls end in time. */
  record Sizes(Duration within, int largest) {}

  /** A session and its number of users. */
  static final class Shared {
    private final Key key;
    private final OrtSession session;
    private final Provider provider;
    private final Map<Sizes, ServiceCurve> curves = new HashMap<>();
    private int users;

    private Shared(Key key, OrtSession session, Provider provider) {
      this.key = key;
      this.session = session;
      this.provider = provider;
    }

    OrtSession session() {
      return session;
    }

    Provider provider() {
      return provider;
    }

    /** Measured once for the sizes asked for; another user meanwhile waits for it. */
    synchronized ServiceCurve curve(Sizes sizes, Measurement measurement)
        throws InferenceException {
      ServiceCurve curve = curves.get(sizes);
      if (curve == null) {
        curve = measurement.measure();
        curves.put(sizes, curve);
      }
      return curve;
    }
  }

  /** Measures a service curve. */
  interface Measurement {
    ServiceCurve measure() throws InferenceException;
  }

  /** Number of sessions open. */
  public static int open() {
    synchronized (OPEN) {
      return OPEN.size();
    }
  }

  static Shared acquire(Stage stage, Device device, ModelSource model)
      throws IOException, InferenceException {
    Key key = new Key(stage.sha256(), device);
    synchronized (OPEN) {
      try {
        Shared shared = OPEN.get(key);
        if (shared == null) {
          shared = load(key, stage, model.read());
          OPEN.put(key, shared);
          LOG.info("Loaded {} ({}) on {}", stage.label(), stage.file(), shared.provider);
        }
        shared.users++;
        return shared;
      } finally {
        closeUnusedProviders();
      }
    }
  }

  private static Shared load(Key key, Stage stage, byte[] model) throws InferenceException {
    Provider provider = PROVIDERS.get(key.device);
    if (provider == null) {
      provider = Provider.of(key.device);
      PROVIDERS.put(key.device, provider);
    }
    OrtSession session = provider.load(stage, model);
    try {
      SignatureCheck.check(stage, session);
      return new Shared(key, session, provider);
    } catch (InferenceException | OrtException e) {
      closeQuietly(session);
      throw e instanceof InferenceException known
          ? known
          : new InferenceException("inputs of " + stage.file() + " cannot be read", e);
    }
  }

  static void release(Shared shared) {
    boolean last;
    synchronized (OPEN) {
      if (--shared.users > 0) {
        return;
      }
      OPEN.remove(shared.key);
      closeQuietly(shared.session);
      closeUnusedProviders();
      last = OPEN.isEmpty();
    }
    if (last) {
      NativeHeap.trim();
    }
  }

  private static void closeUnusedProviders() {
    if (OPEN.isEmpty()) {
      PROVIDERS.values().forEach(Provider::close);
      PROVIDERS.clear();
    }
  }

  private static void closeQuietly(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      LOG.warn("A session could not be closed; its native memory is lost", e);
    }
  }
}
