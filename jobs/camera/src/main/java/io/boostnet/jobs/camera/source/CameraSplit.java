package io.boostnet.jobs.camera.source;

import io.boostnet.jobs.camera.config.CameraConfig;
import io.boostnet.jobs.camera.feed.FeedPosition;
import java.io.Serializable;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.connector.source.SourceSplit;

/**
 * One camera, and where it goes on.
 *
 * @param name of the camera
 * @param index among the cameras of the source: which reader has it
 * @param camera how it is read
 * @param begin where it goes on
 */
@PublicEvolving
public record CameraSplit(String name, int index, CameraConfig camera, FeedPosition begin)
    implements SourceSplit, Serializable {

  private static final long serialVersionUID = 1;

  @Override
  public String splitId() {
    return name;
  }

  /** The same camera that goes on elsewhere. */
  CameraSplit at(FeedPosition position) {
    return new CameraSplit(name, index, camera, position);
  }
}
