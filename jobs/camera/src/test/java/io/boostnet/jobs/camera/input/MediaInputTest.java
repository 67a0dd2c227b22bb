package io.boostnet.jobs.camera.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes out of real files that the program ffmpeg made. */
class MediaInputTest {

  private static final List<String> H264 = List.of("-c:v", "libopenh264", "-g", "25");

  @TempDir static Path directory;
  private static Path clip;

  @BeforeAll
  static void makeClip() throws IOException {
    Ffmpeg.load();
    clip = make("clip.mp4", "testsrc2=s=320x240:r=10:d=4", H264);
  }

  @Test
  void advance_wholeClip_givesEveryFrameWithItsTime() throws IOException {
    List<Long> times = times(settings(clip, 1));

    assertThat(times).hasSize(40);
    assertThat(times.get(39) - times.get(0)).isEqualTo(3_900_000);
  }

  @Test
  void advance_manyThreads_losesNoFrameAtTheEnd() throws IOException {
    assertThat(times(settings(clip, 8))).hasSize(40);
  }

  /** The container states 40; 12 of them stand before the cut and are hidden. */
  @Test
  void advance_clipCutWithoutEncoding_givesWhatIsShown() throws IOException {
    Path cut = directory.resolve("cut.mp4");
    FfmpegProgram.run("-ss", "1.2", "-i", clip.toString(), "-c", "copy", cut.toString());

    assertThat(times(settings(cut, 1))).hasSize(28);
  }

  @Test
  void advance_variableRate_addsNoCopies() throws IOException {
    Path slow = directory.resolve("slow.mkv");
    FfmpegProgram.run(
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=64x48:r=10:d=4",
        "-vf",
        "select='lt(t,1)+not(mod(n,10))'",
        "-fps_mode",
        "vfr",
        "-c:v",
        "mpeg4",
        slow.toString());

    assertThat(times(settings(slow, 1))).hasSize(13);
  }

  /** Nothing but pictures: they are as far apart as the file's nominal rate says. */
  @Test
  void advance_rawVideo_givesTimesByItsRate() throws IOException {
    Path jpegs = make("raw.mjpeg", "testsrc2=s=320x240:r=10:d=2", List.of("-c:v", "mjpeg"));
    Path h264 = make("raw.h264", "testsrc2=s=320x240:r=10:d=2", H264);

    for (Path raw : List.of(jpegs, h264)) {
      List<Long> times = times(settings(raw, 1));
      assertThat(times).as(raw.toString()).hasSize(20).isSorted().doesNotHaveDuplicates();
      long apart = times.get(1) - times.get(0);
      assertThat(apart).as(raw.toString()).isPositive();
      assertThat(times.get(19) - times.get(0))
          .as(raw.toString())
          .isCloseTo(19 * apart, within(20L));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://10.0.0.7/a, rtsp://10.0.0.7/a",
    "rtsp://user:p/w@10.0.0.7/a, rtsp://10.0.0.7/a",
    "rtsp://user:p@ss@10.0.0.7/a, rtsp://10.0.0.7/a",
    "http://cam/video?user=a&password=b, http://cam/video?...",
    "videos/who@home?.mp4, videos/who@home?.mp4",
  })
  void address_shown_hidesWhatMayBeAPassword(String address, String shown) {
    MediaSettings settings =
        new MediaSettings(address, true, Duration.ofSeconds(5), 1, 95, Map.of());
    assertThat(settings.shownAddress()).isEqualTo(shown);
    assertThat(settings.toString()).contains(shown).doesNotContain("p@ss", "p/w", "password");
  }

  @Test
  void advance_fileThatEndsEarly_givesWhatIsThere() throws IOException {
    Path whole = make("whole.ts", "testsrc2=s=320x240:r=10:d=4", H264);
    byte[] bytes = Files.readAllBytes(whole);
    Path half = Files.write(directory.resolve("half.ts"), Arrays.copyOf(bytes, bytes.length / 2));

    assertThat(times(settings(half, 1)).size()).isBetween(10, 30);
  }

  @Test
  void part_taggedBt709_hasTheColoursThatWerePainted() throws IOException {
    Path hd =
        make(
            "hd.mp4",
            "color=c=0x20c040:s=1280x720:r=5:d=0.4",
            List.of(
                "-vf",
                "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p",
                "-colorspace",
                "bt709",
                "-color_range",
                "tv",
                "-c:v",
                "libopenh264"));

    assertThat(first(hd, new Box(100, 100, 64, 64)).centre())
        .satisfies(bgr -> assertColour(bgr, 0x20, 0xc0, 0x40));
  }

  @Test
  void whole_turnedVideo_standsUpright() throws IOException {
    Path lying =
        make("lying.mp4", "color=c=red:s=320x240:r=5:d=0.4,drawbox=w=160:c=blue:t=fill", H264);
    Path turned = directory.resolve("turned.mp4");
    FfmpegProgram.run(
        "-display_rotation", "90", "-i", lying.toString(), "-c", "copy", turned.toString());

    // Turned 90 degrees against the clock, the left half, blue, comes to lie below.
    Picture whole = first(turned, null);
    assertThat(List.of(whole.width(), whole.height())).containsExactly(240, 320);
    assertColour(first(turned, new Box(100, 300, 16, 16)).centre(), 0, 0, 255);
    assertColour(first(turned, new Box(100, 10, 16, 16)).centre(), 255, 0, 0);
  }

  @Test
  void whole_pixelsThatAreNotSquare_getsSquareOnes() throws IOException {
    Path wide =
        make("wide.mp4", "color=c=red:s=352x576:r=5:d=0.4,setsar=24/11", List.of("-c:v", "mpeg4"));

    Picture whole = first(wide, null);
    assertThat(List.of(whole.width(), whole.height())).containsExactly(768, 576);
  }

  @Test
  void whole_cameraMakesJpegs_isItsOwnFile() throws IOException {
    Path avi = make("camera.avi", "testsrc2=s=320x240:r=5:d=1", List.of("-c:v", "mjpeg"));
    Path packets = directory.resolve("packet-%d.jpg");
    FfmpegProgram.run("-i", avi.toString(), "-c", "copy", packets.toString());

    try (MediaInput input = new MediaInput(settings(avi, 1))) {
      input.open();
      for (int i = 1; i <= 5; i++) {
        assertThat(input.advance()).isTrue();
        assertThat(input.whole().bytes())
            .isEqualTo(Files.readAllBytes(directory.resolve("packet-" + i + ".jpg")));
      }
      assertThat(input.advance()).isFalse();
    }
  }

  @Test
  void part_ofJpegsAndOfVideo_isTheSamePartOfThePicture() throws IOException {
    Path avi =
        make(
            "boxes.avi",
            "color=c=red:s=320x240:r=5:d=0.4,drawbox=x=64:y=32:w=64:h=64:c=blue:t=fill",
            List.of("-c:v", "mjpeg", "-q:v", "2"));
    Path mp4 =
        make(
            "boxes.mp4",
            "color=c=red:s=320x240:r=5:d=0.4,drawbox=x=64:y=32:w=64:h=64:c=blue:t=fill",
            H264);

    for (Path file : List.of(avi, mp4)) {
      Picture part = first(file, new Box(72, 40, 48, 50));
      assertThat(List.of(part.width(), part.height())).containsExactly(48, 50);
      assertColour(part.centre(), 0, 0, 255);
    }
  }

  @Test
  void part_beyondThePicture_isCutAtItsEdge() throws IOException {
    try (MediaInput input = new MediaInput(settings(clip, 1))) {
      input.open();
      assertThat(input.advance()).isTrue();
      EncodedImage image = input.part(new Box(300, 200, 100, 100));
      Picture part = Picture.of(image.bytes());

      assertThat(List.of(part.width(), part.height())).containsExactly(20, 40);
      assertThat(image.part()).as("what was cut").isEqualTo(new Box(300, 200, 20, 40));
      assertThat(input.whole().part()).isNull();
    }
  }

  @Test
  void part_outside_tellsBothSizes() {
    assertThatThrownBy(() -> first(clip, new Box(320, 0, 10, 10)))
        .isInstanceOf(MediaException.class)
        .hasMessageContaining("10 x 10 pixels at (320, 0) lies outside the picture of 320 x 240");
  }

  @Test
  void open_noVideo_saysSo() throws IOException {
    Path sound = make("sound.mp4", "sine=d=1", List.of());
    Path text = Files.writeString(directory.resolve("text.mp4"), "no video at all");

    assertThatThrownBy(() -> times(settings(sound, 1)))
        .hasMessageContaining("has no video that can be decoded");
    assertThatThrownBy(() -> times(settings(text, 1))).hasMessageContaining("cannot be opened");
  }

  @Test
  void open_optionThatNobodyTakes_isTold() {
    MediaSettings settings =
        new MediaSettings(
            clip.toString(), false, Duration.ofSeconds(5), 1, 90, Map.of("rtsp_transprt", "tcp"));

    assertThatThrownBy(() -> times(settings)).hasMessageContaining("takes no option rtsp_transprt");
  }

  @Test
  void directory_ofImages_givesTheFilesInTheirOrder() throws IOException {
    Path images = Files.createDirectories(directory.resolve("images"));
    FfmpegProgram.run(
        "-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=1", images.resolve("%03d.jpg").toString());
    Files.writeString(images.resolve("notes.txt"), "not an image");
    Files.write(images.resolve("002.jpg"), new byte[] {1, 2, 3});

    try (DirectoryInput input = new DirectoryInput(images, 2, 90)) {
      input.open();
      assertThat(input.advance()).isTrue();
      assertThat(input.whole().bytes()).isEqualTo(Files.readAllBytes(images.resolve("001.jpg")));
      assertThat(Picture.of(input.part(new Box(10, 10, 20, 30)).bytes()).height()).isEqualTo(30);
      assertThat(input.advance()).isTrue();
      assertThat(input.timeMicros()).isEqualTo(500_000);
      assertThatThrownBy(input::whole).isInstanceOf(DamagedFrameException.class);
      assertThat(input.damaged()).isEqualTo(1);
      assertThat(input.advance()).isTrue();
      assertThat(input.advance()).isTrue();
      assertThat(input.advance()).isTrue();
      assertThat(input.advance()).isFalse();
    }
  }

  private static Path make(String name, String source, List<String> options) throws IOException {
    Path file = directory.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", source));
    arguments.addAll(options);
    arguments.add(file.toString());
    FfmpegProgram.run(arguments.toArray(String[]::new));
    return file;
  }

  private static MediaSettings settings(Path file, int threads) {
    return new MediaSettings(file.toString(), false, Duration.ofSeconds(5), threads, 95, Map.of());
  }

  private static List<Long> times(MediaSettings settings) throws IOException {
    List<Long> times = new ArrayList<>();
    try (MediaInput input = new MediaInput(settings)) {
      input.open();
      while (input.advance()) {
        times.add(input.timeMicros());
      }
    }
    return times;
  }

  private static Picture first(Path file, Box box) throws IOException {
    try (MediaInput input = new MediaInput(settings(file, 1))) {
      input.open();
      assertThat(input.advance()).isTrue();
      return Picture.of((box == null ? input.whole() : input.part(box)).bytes());
    }
  }

  private static void assertColour(int[] bgr, int red, int green, int blue) {
    assertThat(bgr[2]).as("red").isCloseTo(red, within(6));
    assertThat(bgr[1]).as("green").isCloseTo(green, within(6));
    assertThat(bgr[0]).as("blue").isCloseTo(blue, within(6));
  }

  private record Picture(int width, int height, int[] centre) {

    static Picture of(byte[] jpeg) {
      try (BytePointer bytes = new BytePointer(jpeg);
          Mat encoded = new Mat(1, jpeg.length, CV_8UC1, bytes);
          Mat picture = imdecode(encoded, IMREAD_COLOR);
          BytePointer pixel = picture.ptr(picture.rows() / 2, picture.cols() / 2)) {
        return new Picture(
            picture.cols(),
            picture.rows(),
            new int[] {pixel.get(0) & 255, pixel.get(1) & 255, pixel.get(2) & 255});
      }
    }
  }
}
