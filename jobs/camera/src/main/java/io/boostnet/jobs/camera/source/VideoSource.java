package io.boostnet.jobs.camera.source;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.feed.FeedPosition;
import io.boostnet.schema.ImageFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Frames of cameras and video files as a Flink source; a camera is a split, and event time is that
 * of its frames. {@code env.fromSource(VideoSource.of(cameras), strategy, "cameras")}; the
 * library's {@code EarlyExitInference} takes the stream.
 *
 * <p>Files are read from every TaskManager's own disk, each frame exactly once: the position is in
 * the checkpoints. What a live camera shows while the job is down is not seen; its oldest pictures
 * give way where the job is slow. Give the strategy an idleness: a camera may be away. A file that
 * cannot be read fails the job, a live camera is connected to again.
 *
 * <p>ffmpeg's and OpenCV's libraries belong into Flink's {@code lib} directory, where they are
 * loaded once.
 */
@PublicEvolving
public final class VideoSource implements Source<ImageFrame, CameraSplit, ArrayList<CameraSplit>> {

  private static final long serialVersionUID = 1;

  private final LinkedHashMap<String, CameraConfig> cameras;

  private VideoSource(Map<String, CameraConfig> cameras) {
    if (cameras.isEmpty()) {
      throw new IllegalArgumentException("there is no camera; give at least one");
    }
    this.cameras = new LinkedHashMap<>(cameras);
  }

  /**
   * A source.
   *
   * @param cameras by name, at least one; the order deals them out to the subtasks
   */
  public static VideoSource of(Map<String, CameraConfig> cameras) {
    return new VideoSource(cameras);
  }

  @Override
  public Boundedness getBoundedness() {
    return cameras.values().stream().anyMatch(camera -> camera.live() || camera.loop())
        ? Boundedness.CONTINUOUS_UNBOUNDED
        : Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<CameraSplit, ArrayList<CameraSplit>> createEnumerator(
      SplitEnumeratorContext<CameraSplit> context) {
    List<CameraSplit> splits = new ArrayList<>();
    cameras.forEach(
        (name, camera) ->
            splits.add(new CameraSplit(name, splits.size(), camera, FeedPosition.first(false, 0))));
    return new CameraEnumerator(context, splits);
  }

  @Override
  public SplitEnumerator<CameraSplit, ArrayList<CameraSplit>> restoreEnumerator(
      SplitEnumeratorContext<CameraSplit> context, ArrayList<CameraSplit> unassigned) {
    return new CameraEnumerator(context, unassigned);
  }

  @Override
  public SourceReader<ImageFrame, CameraSplit> createReader(SourceReaderContext context) {
    return new CameraReader(context.metricGroup());
  }

  @Override
  public SimpleVersionedSerializer<CameraSplit> getSplitSerializer() {
    return new SplitSerializer<>();
  }

  @Override
  public SimpleVersionedSerializer<ArrayList<CameraSplit>> getEnumeratorCheckpointSerializer() {
    return new SplitSerializer<>();
  }
}
