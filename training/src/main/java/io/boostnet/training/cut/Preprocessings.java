package io.boostnet.training.cut;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.boostnet.image.Resize;
import io.boostnet.schema.Interpolation;
import io.boostnet.schema.ResizeRule;
import io.boostnet.training.data.InputFormat;
import io.boostnet.training.input.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From an image to a network's input, by the name that it has elsewhere or as a JSON file.
 *
 * @param format size and normalisation, in red, green and blue
 * @param bgr whether the network takes blue, green, red
 */
record Preprocessings(InputFormat format, boolean bgr) {

  static final String NAMES =
      "cifar10, cifar100, torchvision-imagenet, timm:<size>, keras:<size>, keras-caffe:<size>, plain:<size>";

  private static final Pattern SIZE = Pattern.compile("[^:]+:(\\d{1,9})");

  private static final Set<String> FIELDS =
      Set.of(
          "height",
          "width",
          "channelOrder",
          "scale",
          "mean",
          "std",
          "resize",
          "shortSide",
          "interpolation");
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

  /** Reads a name or a file. */
  static Preprocessings of(String text) {
    String name = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
    return switch (name) {
      case "cifar", "cifar10" -> rgb(InputFormat.cifar10());
      case "cifar100" -> rgb(InputFormat.cifar100());
      case "torchvision-imagenet" -> rgb(InputFormat.imageNet());
      case "timm" -> {
        int size = size(text);
        // What timm does where a model says nothing else.
        Resize resize =
            Resize.shortSideCrop((int) (size / 0.875), size, size).with(Interpolation.BICUBIC);
        yield rgb(new InputFormat(resize, IMAGENET_MEAN, IMAGENET_STD));
      }
      case "keras" -> rgb(stretched(text, evenly(0.5), evenly(0.5)));
      case "keras-caffe" ->
          new Preprocessings(
              stretched(
                  text, List.of(123.68 / 255, 116.779 / 255, 103.939 / 255), evenly(1.0 / 255)),
              true);
      case "plain" -> rgb(stretched(text, evenly(0), evenly(1)));
      default -> ofFile(Path.of(text));
    };
  }

  private static Preprocessings rgb(InputFormat format) {
    return new Preprocessings(format, false);
  }

  private static InputFormat stretched(String text, List<Double> mean, List<Double> std) {
    int size = size(text);
    return new InputFormat(Resize.stretch(size, size), mean, std);
  }

  private static List<Double> evenly(double value) {
    return List.of(value, value, value);
  }

  private static int size(String text) {
    Matcher digits = SIZE.matcher(text);
    int size = digits.matches() ? Integer.parseInt(digits.group(1)) : 0;
    if (size < 1 || size > Resize.MAX_SIDE) {
      throw BadInputException.of(
          "--preprocessing is %s; the size of the input follows a colon, 1 to %d, as in timm:224.",
          text, Resize.MAX_SIDE);
    }
    return size;
  }

  /** A file with the fields of a manifest's {@code preprocessing}, or a manifest. */
  private static Preprocessings ofFile(Path file) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new BadInputException(file + " is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new BadInputException(
          "--preprocessing is %s, which is no file that can be read and none of %s."
              .formatted(file, NAMES),
          e);
    }
    return of(json.has("preprocessing") ? json.get("preprocessing") : json, file);
  }

  static Preprocessings of(JsonNode json, Path file) {
    json.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                throw BadInputException.of(
                    "%s has the field %s; it may have %s.", file, field, FIELDS);
              }
            });
    int height = json.path("height").asInt(0);
    int width = json.path("width").asInt(height);
    double scale = json.path("scale").asDouble(1.0 / 255);
    String order = json.path("channelOrder").asText("RGB");
    String rule = json.path("resize").asText("STRETCH");
    if (!Set.of("RGB", "BGR").contains(order)
        || !Set.of("STRETCH", "SHORT_SIDE_CROP").contains(rule)) {
      throw BadInputException.of(
          "%s has the channelOrder %s and the resize %s; they are RGB or BGR, and STRETCH or"
              + " SHORT_SIDE_CROP.",
          file, order, rule);
    }
    String interpolation = json.path("interpolation").asText("BILINEAR");
    if (!Set.of("AREA", "BILINEAR", "BICUBIC").contains(interpolation)) {
      throw BadInputException.of(
          "%s has the interpolation %s; it is AREA, BILINEAR or BICUBIC.", file, interpolation);
    }
    Resize resize =
        new Resize(
            height,
            width,
            ResizeRule.valueOf(rule),
            json.path("shortSide").asInt(0),
            Interpolation.valueOf(interpolation));
    boolean bgr = order.equals("BGR");
    List<Double> mean = numbers(json.path("mean"), 0, scale);
    List<Double> std = numbers(json.path("std"), 1, scale);
    if (bgr) {
      Collections.reverse(mean);
      Collections.reverse(std);
    }
    return new Preprocessings(new InputFormat(resize, mean, std), bgr);
  }

  /** A number per colour, or one for all, in units of pixels of 0..1. */
  private static List<Double> numbers(JsonNode json, double otherwise, double scale) {
    List<Double> numbers = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      JsonNode number = json.isArray() ? json.path(json.size() == 1 ? 0 : c) : json;
      numbers.add(number.asDouble(otherwise) / (255 * scale));
    }
    return numbers;
  }
}
