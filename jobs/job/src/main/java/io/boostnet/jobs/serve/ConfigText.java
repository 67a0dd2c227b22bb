package io.boostnet.jobs.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.boostnet.flink.budget.Budget;
import io.boostnet.flink.inference.Device;
import io.boostnet.flink.model.CostUnit;
import io.boostnet.flink.model.Precision;
import io.boostnet.flink.options.MicroBatching;
import io.boostnet.flink.options.OutputOrder;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Function;

/** How the words of a YAML file become values of the library: their parsers, told to Jackson. */
final class ConfigText {

  private ConfigText() {}

  /** The parsers. */
  static SimpleModule module() {
    return new SimpleModule()
        .addDeserializer(Budget.class, new Text<>(Budget.class, ConfigText::budget))
        .addDeserializer(Device.class, new Text<>(Device.class, ConfigText::device))
        .addDeserializer(Precision.class, new Text<>(Precision.class, ConfigText::precision))
        .addDeserializer(CostUnit.class, new Text<>(CostUnit.class, ConfigText::cost))
        .addDeserializer(OutputOrder.class, new Text<>(OutputOrder.class, ConfigText::order));
  }

  private static Budget budget(String text) {
    return named(Budget::parse, text);
  }

  private static Device device(String text) {
    return named(Device::parse, text);
  }

  private static Precision precision(String text) {
    return named(Precision::parse, text);
  }

  private static CostUnit cost(String text) {
    return named(CostUnit::parse, text);
  }

  private static OutputOrder order(String text) {
    for (OutputOrder order : OutputOrder.values()) {
      if (order.name().toLowerCase(Locale.ROOT).equals(text)) {
        return order;
      }
    }
    throw new IllegalArgumentException(
        "inference.order is '" + text + "'; use unordered or ordered");
  }

  /** The library's parsers name the value; the file's key stands before it. */
  private static <T> T named(Function<String, T> parser, String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("inference." + e.getMessage(), e);
    }
  }

  private static class Text<T> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1;

    private final transient Function<String, T> parser;

    Text(Class<?> type, Function<String, T> parser) {
      super(type);
      this.parser = parser;
    }

    @Override
    @SuppressWarnings("unchecked")
    public T deserialize(JsonParser yaml, DeserializationContext context) throws IOException {
      String text = yaml.getValueAsString();
      return text == null
          ? (T) context.handleUnexpectedToken(handledType(), yaml)
          : parser.apply(text);
    }
  }

  /** Reads auto or a number of rows. */
  static final class Rows extends Text<Integer> {
    private static final long serialVersionUID = 1;

    Rows() {
      super(Integer.class, Rows::parse);
    }

    private static int parse(String text) {
      try {
        int rows = text.equals("auto") ? MicroBatching.AUTO : Integer.parseInt(text);
        if (text.equals("auto") || rows >= 1 && rows <= MicroBatching.MAX_SIZE) {
          return rows;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new IllegalArgumentException(
          "inference.microBatch is '" + text + "'; use auto or 1 to " + MicroBatching.MAX_SIZE);
    }
  }
}
