package io.boostnet.flink.options;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Which sources matter more than others, and what they get at least. The first entry that names a
 * source holds for it; one that none names has weight 1 and no floor. An entry that could hold for
 * no source, since one before it names all of its sources, is refused. Immutable.
 *
 * @param entries in the order in which they are tried, at most {@value #MOST}
 */
@PublicEvolving
public record Priorities(List<Entry> entries) implements Serializable {

  /** All sources matter alike. */
  public static final Priorities NONE = new Priorities(List.of());

  private static final int MOST = 32;
  private static final double LARGEST = 100;
  private static final String OTHERS = "others";
  private static final String FORM =
      "PATTERN=WEIGHT or PATTERN=WEIGHT:FLOOR is needed, such as entrance/*=4 or entrance/*=4:0.6";
  private static final long serialVersionUID = 1;

  /** Copies the list, and checks that each entry can hold for a source. */
  public Priorities {
    entries = List.copyOf(entries);
    if (entries.size() > MOST) {
      throw new IllegalArgumentException(
          "priorities are %d; at most %d are allowed, since each has a metric: name sources by a pattern"
              .formatted(entries.size(), MOST));
    }
    for (int i = 0; i < entries.size(); i++) {
      String sources = entries.get(i).sources();
      for (Entry before : entries.subList(0, i)) {
        if (before.sources().equals(sources)) {
          throw new IllegalArgumentException(
              "priority of %s is given twice; leave one out".formatted(sources));
        }
        if (before.names(sources)) { // a star of this stands for what a star there does
          throw new IllegalArgumentException(
              "priority of %s stands behind %s, which names all these sources, so that it never holds; put it before"
                  .formatted(sources, before.sources()));
        }
      }
    }
  }

  /**
   * What holds for some sources.
   *
   * @param sources their id, in which a star stands for any characters
   * @param weight how many times an image of theirs counts for accuracy, 0.01 .. 100
   * @param floor budget that they get at least, as a share of the full network's cost, 0..1; 0 for
   *     none
   */
  public record Entry(String sources, double weight, double floor) implements Serializable {

    private static final long serialVersionUID = 1;

    /** Checks the values. */
    public Entry {
      if (sources.isBlank()) {
        throw new IllegalArgumentException("a priority names no sources; " + FORM);
      }
      if (sources.equals(OTHERS)) {
        throw new IllegalArgumentException(
            "a priority names the source others, as metrics call the sources that no entry names; write others*");
      }
      if (!(weight >= 1 / LARGEST && weight <= LARGEST)) {
        throw new IllegalArgumentException(
            "priority of %s is %s; a weight of 0.01 to 100 is needed".formatted(sources, weight));
      }
      if (!(floor >= 0 && floor <= 1)) {
        throw new IllegalArgumentException(
            "floor of %s is %s; a share of the full network's cost is needed, 0 to 1"
                .formatted(sources, floor));
      }
    }

    private static Entry parse(String text) {
      int end = text.lastIndexOf('=');
      String[] values = text.substring(end + 1).split(":", 2);
      try {
        return new Entry(
            text.substring(0, Math.max(0, end)).strip(),
            Double.parseDouble(values[0]),
            values.length == 1 ? 0 : Double.parseDouble(values[1]));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("priority is \"%s\"; %s".formatted(text, FORM), e);
      }
    }

    private boolean namesAll() {
      return sources.chars().allMatch(character -> character == '*');
    }

    private boolean names(String source) {
      String[] parts = sources.split("\\*", -1);
      if (parts.length == 1) {
        return source.equals(sources);
      }
      String last = parts[parts.length - 1];
      int from = parts[0].length();
      int until = source.length() - last.length();
      if (!source.startsWith(parts[0]) || !source.endsWith(last) || until < from) {
        return false;
      }
      for (int i = 1; i < parts.length - 1; i++) {
        int at = source.indexOf(parts[i], from);
        if (at < 0 || at + parts[i].length() > until) {
          return false;
        }
        from = at + parts[i].length();
      }
      return true;
    }
  }

  /**
   * Priorities as users write them, each as {@code entrance/*=4}, or {@code entrance/*=4:0.6} with
   * a floor.
   *
   * @throws IllegalArgumentException with the text and what is allowed
   */
  public static Priorities parse(List<String> texts) {
    return new Priorities(texts.stream().map(Entry::parse).toList());
  }

  /** Whether any source has one. */
  public boolean isOn() {
    return !entries.isEmpty();
  }

  /** Whether any source has a floor. */
  public boolean haveFloors() {
    return entries.stream().anyMatch(entry -> entry.floor > 0);
  }

  /** The least floor where every source has one, else 0: any budget has to pay for that. */
  public double leastFloor() {
    boolean forAll = isOn() && entries.get(entries.size() - 1).namesAll();
    return forAll ? entries.stream().mapToDouble(Entry::floor).min().orElse(0) : 0;
  }

  /** Which entry holds for a source; their number where none names it. */
  public int of(String source) {
    int entry = 0;
    while (entry < entries.size() && !entries.get(entry).names(source)) {
      entry++;
    }
    return entry;
  }

  /** All that they say, in words. */
  @Override
  public String toString() {
    return entries.stream()
        .map(entry -> "%s=%s:%s".formatted(entry.sources(), entry.weight(), entry.floor()))
        .collect(Collectors.joining(", ", "priorities ", ""));
  }

  /** What each of the values of {@link #of} stands for, in words. */
  public List<String> names() {
    return Stream.concat(entries.stream().map(Entry::sources), Stream.of(OTHERS)).toList();
  }
}
