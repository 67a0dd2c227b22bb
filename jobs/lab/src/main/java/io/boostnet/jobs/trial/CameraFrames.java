package io.boostnet.jobs.trial;

import io.boostnet.jobs.config.ConfigException;
import io.boostnet.jobs.files.FrameFile;
import io.boostnet.jobs.load.Corruption;
import io.boostnet.jobs.load.Corruptor;
import io.boostnet.schema.ImageFrame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * The frames of a file as several cameras see them at one time: its sources, tracks of objects, are
 * dealt out to the cameras, each of which shows one after the other. The pictures of the last one
 * are corrupted, all have as many frames, and the tracks are other ones for each.
 *
 * @param byCamera frames of each camera, in their order
 */
record CameraFrames(List<List<ImageFrame>> byCamera) {

  /**
   * Reads a file.
   *
   * @throws ConfigException where it has fewer sources than there are cameras
   */
  static CameraFrames of(Path frames, int cameras, Corruption ofTheLast) {
    List<List<ImageFrame>> dealt = new ArrayList<>();
    for (int camera = 0; camera < cameras; camera++) {
      dealt.add(new ArrayList<>());
    }
    Map<String, Integer> tracks = new HashMap<>();
    try (FrameFile file = FrameFile.open(frames);
        Corruptor corruptor = new Corruptor(ofTheLast, Trial.SEED)) {
      while (file.hasNext()) {
        ImageFrame frame = file.next();
        int camera = tracks.computeIfAbsent(frame.getSourceId(), id -> tracks.size()) % cameras;
        if (camera == cameras - 1) {
          corruptor.corrupt(frame);
        }
        frame.setSourceId(name(camera));
        frame.setSequence(dealt.get(camera).size());
        dealt.get(camera).add(frame);
      }
    }
    if (tracks.size() < cameras) {
      throw new ConfigException(
          "--frames %s has %d sources; give a file of at least %d, which are dealt out to as many cameras."
              .formatted(frames, tracks.size(), cameras));
    }
    int length = dealt.stream().mapToInt(List::size).min().orElseThrow();
    return new CameraFrames(dealt.stream().map(all -> all.subList(0, length)).toList());
  }

  static String name(int camera) {
    return "camera-" + (camera + 1);
  }

  int cameras() {
    return byCamera.size();
  }

  /** Frames of each camera. */
  int length() {
    return byCamera.get(0).size();
  }

  /** Writes a frame file of some cameras, a frame of each in turn. */
  void write(List<Integer> cameras, Path to) {
    try (DataFileWriter<ImageFrame> file =
        new DataFileWriter<>(new SpecificDatumWriter<>(ImageFrame.class))) {
      file.create(ImageFrame.getClassSchema(), to.toFile());
      for (int i = 0; i < length(); i++) {
        for (int camera : cameras) {
          file.append(byCamera.get(camera).get(i));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
