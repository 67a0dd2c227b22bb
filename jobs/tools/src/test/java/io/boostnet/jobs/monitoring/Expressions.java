package io.boostnet.jobs.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The PromQL of the dashboard and of the rules. */
final class Expressions {

  private static final Pattern LABEL_LIST =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
  private static final Pattern SELECTOR =
      Pattern.compile("(?<![\\w:.])([A-Za-z_:][\\w:]*+)\\s*+(\\{[^}]*})?+(?!\\s*\\()");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*),\\s*\\w+\\)");

  /** Words that stand where a name could, and a series of Prometheus's own. */
  private static final Set<String> NOT_METRICS = Set.of("and", "or", "unless", "bool", "ALERTS");

  /**
   * A PromQL expression.
   *
   * @param place where it stands, for messages
   * @param text the expression
   * @param mayBeEmpty whether nothing is a good answer, as for an alert
   */
  record Expression(String place, String text, boolean mayBeEmpty) {

    /** The series that it reads, with their label matchers and without ranges. */
    Set<String> selectors() {
      String bare = RANGE.matcher(LABEL_LIST.matcher(text).replaceAll(" ")).replaceAll(" ");
      Set<String> selectors = new TreeSet<>();
      Matcher matcher = SELECTOR.matcher(bare);
      while (matcher.find()) {
        if (!NOT_METRICS.contains(matcher.group(1))) {
          selectors.add(matcher.group().strip());
        }
      }
      return selectors;
    }
  }

  private Expressions() {}

  /** Those of the panels and variables of a dashboard, for a pipeline. */
  static List<Expression> ofDashboard(Path file, String pipeline) throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
    List<Expression> all = new ArrayList<>();
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        String text = target.path("expr").asText().replace("$pipeline", pipeline);
        all.add(new Expression("panel " + panel.path("title").asText(), text, false));
      }
    }
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      Matcher query = LABEL_VALUES.matcher(variable.path("query").asText());
      if (!query.matches()) {
        throw new IllegalArgumentException("unknown query of a variable: " + variable);
      }
      String place = "variable " + variable.path("name").asText();
      all.add(new Expression(place, query.group(1), false));
    }
    return all;
  }

  /** Those of a file of recording and alert rules. */
  static List<Expression> ofRules(Path file) throws IOException {
    List<Expression> all = new ArrayList<>();
    for (JsonNode group : new YAMLMapper().readTree(file.toFile()).path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        boolean alert = rule.has("alert");
        String name = rule.path(alert ? "alert" : "record").asText();
        all.add(new Expression("rule " + name, rule.path("expr").asText(), alert));
      }
    }
    return all;
  }
}
