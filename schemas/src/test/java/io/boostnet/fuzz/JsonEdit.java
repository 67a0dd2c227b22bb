package io.boostnet.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * One change to a JSON document that leaves it JSON: a value gets another, or is left out, or is
 * there twice.
 *
 * @param at which of the document's values, as a share of their number, 0..1
 * @param replacement JSON text put in its place; null to leave the value out
 */
public record JsonEdit(double at, String replacement) {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String[] VALUES = {
    "null",
    "true",
    "0",
    "1",
    "-1",
    "1.5",
    "-0.0",
    "1e308",
    "1e999",
    "2147483647",
    "2147483648",
    "-9223372036854775808",
    "9223372036854775807",
    "99999999999999999999999999",
    "\"\"",
    "\" \"",
    "\"NaN\"",
    "\"-1\"",
    "\"../../etc/passwd\"",
    "\"\\u0000\"",
    "\"%s %d %n\"",
    "[]",
    "{}",
    "[null]",
    "[0,0,0,0,0,0,0,0,0,0]",
    "[[[[[[[[]]]]]]]]",
    "{\"\":{}}"
  };

  /** One to four edits. */
  public static Arbitrary<List<JsonEdit>> several() {
    return Combinators.combine(
            Arbitraries.doubles()
                .between(0, 1)
                .ofScale(4)
                .withDistribution(RandomDistribution.uniform()),
            Arbitraries.of(VALUES).injectNull(0.1))
        .as(JsonEdit::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /** The document after all edits. */
  public static String apply(List<JsonEdit> edits, String document) {
    try {
      JsonNode root = JSON.readTree(document);
      for (JsonEdit edit : edits) {
        edit.applyTo(root);
      }
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(document, e);
    }
  }

  private void applyTo(JsonNode root) throws JsonProcessingException {
    List<Runnable> edits = new ArrayList<>();
    collect(root, replacement == null ? null : JSON.readTree(replacement), edits);
    if (!edits.isEmpty()) {
      edits.get(Math.min(edits.size() - 1, (int) (at * edits.size()))).run();
    }
  }

  private static void collect(JsonNode node, JsonNode value, List<Runnable> edits) {
    if (node instanceof ObjectNode object) {
      for (String name : names(object)) {
        edits.add(value == null ? () -> object.remove(name) : () -> object.set(name, value));
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int index = i;
        edits.add(value == null ? () -> array.remove(index) : () -> array.set(index, value));
      }
    }
    if (node instanceof ContainerNode<?> container) {
      container.forEach(child -> collect(child, value, edits));
    }
  }

  private static List<String> names(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
