package io.boostnet.jobs.camera.source;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.InstantiationUtil;

/** Java's own serialization of what a checkpoint holds, with a version. */
final class SplitSerializer<T> implements SimpleVersionedSerializer<T> {

  private static final int VERSION = 1;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(T state) throws IOException {
    return InstantiationUtil.serializeObject(state);
  }

  @Override
  public T deserialize(int version, byte[] bytes) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "The state of the cameras has version %d; this build reads %d"
              .formatted(version, VERSION));
    }
    try {
      return InstantiationUtil.deserializeObject(bytes, SplitSerializer.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IOException("The state of the cameras is of another build", e);
    }
  }
}
