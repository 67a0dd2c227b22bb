package io.boostnet.jobs.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.boostnet.schema.Event;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The events of a source follow each other: each begins at the class at which the one before ended,
 * the first at none. One that is lost or doubled breaks the chain.
 */
final class EventChain {

  private EventChain() {}

  static void assertUnbroken(Collection<Event> events) {
    assertThat(events).as("events").isNotEmpty();
    Map<String, List<Event>> bySource =
        events.stream().collect(Collectors.groupingBy(Event::getSourceId));
    bySource.forEach(
        (source, all) -> {
          Integer label = null;
          List<Event> inOrder =
              all.stream().sorted(Comparator.comparingLong(Event::getConfirmedMs)).toList();
          for (Event event : inOrder) {
            assertThat(event.getFromLabel()).as("the event before %s", event).isEqualTo(label);
            assertThat(event.getToLabel()).isNotEqualTo(label);
            label = event.getToLabel();
          }
        });
  }
}
