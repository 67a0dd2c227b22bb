package io.boostnet.jobs.camera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.boostnet.jobs.camera.input.Box;
import io.boostnet.jobs.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CamerasConfigReaderTest {

  @TempDir Path directory;

  @Test
  void read_zones_areRectanglesAndBoxesOfPolygons() throws IOException {
    CamerasConfig config =
        read(
            """
            kafka: {bootstrapServers: "a:1", topics: {frames: cams}}
            cameras:
              gate:
                input: rtsp://user:secret@10.0.0.7/1
                rate: 2.5
                zones: {door: [1, 2, 30, 40], bay: [[5, 9], [20, 3], [8, 30]]}
            """);

    CameraConfig gate = config.cameras().get("gate");
    assertThat(gate.zones())
        .isEqualTo(Map.of("door", Zone.of(1, 2, 30, 40), "bay", new Zone(new Box(5, 3, 16, 28))));
    assertThat(gate.live()).isTrue();
    assertThat(gate.whole()).isFalse();
    assertThat(gate.shownInput()).isEqualTo("rtsp://10.0.0.7/1");
    assertThat(config.kafka().topics().frames()).isEqualTo("cams");
  }

  @Test
  void read_inPlaceOfTheFilesBrokers_takesThoseGiven() throws IOException {
    Path file = write("cameras: {a: {input: 'http://h/'}}");

    assertThat(CamerasConfigReader.read(file, "b:2").kafka().bootstrapServers()).isEqualTo("b:2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          cameras: {}                                                  | cameras is not set; name at least one
          {cameras: {a: {input: 'rtsp://h/'}}, camera: {}}             | Unknown key camera in
          cameras: {a: {input: nowhere.mp4}}                           | input is nowhere.mp4, which cannot be read; give a file
          cameras: {a: {input: 'rtsp://h/', rates: 5}}                             | Unknown key rates in cameras.a of
          cameras: {a: {rate: 5}}                                      | input is not set; give a URL
          cameras: {a: 'rtsp://h/'}                                    | cameras.a is "rtsp://h/"; give keys and values
          cameras: {a: {input: 'ftp://h/'}}                            | input is ftp://h/; read are files, and http
          cameras: {a: {input: 'rtsp://h/', rate: 0}}                  | rate is 0.0; give frames a second
          cameras: {a: {input: 'rtsp://h/', rate: five}}               | rate is 'five'; give a number
          cameras: {a: {input: 'rtsp://h/', quality: 101}}             | quality is 101; give 1 to 100
          cameras: {a: {input: 'rtsp://h/', loop: true}}               | loop is true and the camera is live
          cameras: {a: {input: 'rtsp://h/', zones: {z: [1, 2, 3]}}}    | a zone is [1,2,3] ([1,2,3] is not 4 numbers); give [left
          cameras: {a: {input: 'rtsp://h/', zones: {z: [1, 2, 0, 4]}}} | it begins at 0 or later and has 1 pixel or more
          cameras: {a: {input: 'rtsp://h/', zones: {'z/1': [1, 2, 3, 4]}}} | the name of a zone is 'z/1'
          cameras: {a: {input: 'rtsp://h/', whole: false}}             | nothing would be taken: give zones
          cameras: {'a b': {input: 'rtsp://h/'}}                       | the name of a camera is 'a b'
          cameras: {a: {input: 'rtsp://h/', pace: slow}}               | pace is slow; give fast or realtime
          """)
  void read_wrong_isOneSentence(String yaml, String sentence) throws IOException {
    Path file = write(yaml);

    assertThatThrownBy(() -> CamerasConfigReader.read(file, "b:2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence)
        .hasMessageContaining(file.toString())
        .hasMessageEndingWith(".");
  }

  private CamerasConfig read(String yaml) throws IOException {
    return CamerasConfigReader.read(write(yaml), null);
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("cameras.yaml"), yaml);
  }
}
