package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every answer is the one to its own request, from an endpoint of the service that was asked, made
/// after the request: none is another's, invented, repeated or old.
///
/// Each request carries an id, each endpoint numbers its answers and goes on counting when it
/// starts again, and writes down which requests it took. So an answer is *wrong* if its id or
/// service is not the request's, *invented* if the endpoint that is said to have given it did not
/// take the request, *stale* if its number is not above that of an answer of the same endpoint that
/// had come before the request was made; a request is *repeated* if it must not be and was taken
/// twice, and *not failed* if it is said not to have happened and was taken.
final class TrafficAnswers implements Check {
  @Override
  public String name() {
    return "traffic";
  }

  /// A request that an endpoint took.
  private record Served(String endpoint, String service, int event) {}

  @Override
  public Verdict judge(Trial trial) {
    Findings found = new Findings();
    Map<String, List<Served>> served = served(trial.history().events());
    Map<String, Serials> serials = new HashMap<>();
    long requests = 0;
    List<Operation> byEnd = new ArrayList<>();
    for (Operation operation : trial.history().operations()) {
      if (operation.function().equals(Vocabulary.REQUEST)) {
        requests++;
        byEnd.add(operation);
      }
    }
    byEnd.sort((a, b) -> Integer.compare(a.completion(), b.completion()));
    long lost = 0;
    for (Operation operation : byEnd) {
      Optional<Json> asked = parsed(operation.began());
      String id = asked.flatMap(json -> json.text("id")).orElse("");
      List<Served> taken = served.getOrDefault(id, List.of());
      switch (operation.kind()) {
        case OK -> {
          Json answer = parsed(operation.ended().orElseThrow()).orElse(Json.NOTHING);
          answered(operation, asked.orElse(Json.NOTHING), answer, taken, !served.isEmpty(), found);
          stale(operation, answer, serials, found);
        }
        case FAIL -> {
          if (!taken.isEmpty()) {
            found.add(
                Violation.NOT_FAILED,
                id
                    + " is said not to have happened, and "
                    + taken.getFirst().endpoint()
                    + " took it",
                operation.completion(),
                taken.getFirst().event());
          }
        }
        case UNSURE, INVOKE, INFO -> lost += taken.isEmpty() ? 0 : 1;
      }
      if (taken.size() > 1 && !asked.map(json -> json.truth("repeatable")).orElse(false)) {
        List<Integer> events = new ArrayList<>(List.of(operation.invoke()));
        taken.forEach(one -> events.add(one.event()));
        found.add(
            Violation.REPEATED,
            id + " must not be repeated and was taken " + taken.size() + " times",
            events);
      }
    }
    found.figure("requests", requests);
    found.figure("answers lost", lost);
    return found.verdict(
        name(), requests > 0, requests + " requests, " + lost + " taken whose answer did not come");
  }

  private static Map<String, List<Served>> served(List<Event> events) {
    Map<String, List<Served>> served = new HashMap<>();
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      if (event.kind() == Event.Kind.INFO && event.function().equals(Vocabulary.SERVED)) {
        Json json = parsed(event).orElse(Json.NOTHING);
        served
            .computeIfAbsent(json.text("id").orElse(""), _ -> new ArrayList<>())
            .add(new Served(json.text("endpoint").orElse(""), json.text("service").orElse(""), i));
      }
    }
    return served;
  }

  private static void answered(
      Operation operation,
      Json asked,
      Json answer,
      List<Served> taken,
      boolean endpointsTell,
      Findings found) {
    String id = asked.text("id").orElse("");
    String other = answer.text("id").orElse("");
    if (!id.equals(other)) {
      found.add(
          Violation.WRONG_ANSWER,
          "the answer to " + id + " is " + other + "'s",
          operation.invoke(),
          operation.completion());
      return;
    }
    Optional<String> service = asked.text("service");
    Optional<String> from = answer.text("service");
    if (service.isPresent() && from.isPresent() && !service.equals(from)) {
      found.add(
          Violation.WRONG_ANSWER,
          id + " was for " + service.get() + " and an endpoint of " + from.get() + " answered",
          operation.invoke(),
          operation.completion());
    }
    String endpoint = answer.text("endpoint").orElse("");
    if (endpointsTell && taken.stream().noneMatch(one -> one.endpoint().equals(endpoint))) {
      found.add(
          Violation.INVENTED,
          endpoint + " did not take " + id + ", whose answer it is said to have given",
          operation.invoke(),
          operation.completion());
    }
  }

  /// How far an endpoint's answers had counted, by the event at which that was known.
  private static final class Serials {
    final List<Integer> events = new ArrayList<>();
    final List<Long> highest = new ArrayList<>();

    /// Where the last entry before an event is; -1 if none.
    int before(int event) {
      int at = Collections.binarySearch(events, event);
      return (at < 0 ? -at - 1 : at) - 1;
    }
  }

  private static void stale(
      Operation operation, Json answer, Map<String, Serials> serials, Findings found) {
    if (answer.whole("serial").isEmpty()) {
      return;
    }
    long serial = answer.whole("serial").getAsLong();
    String endpoint = answer.text("endpoint").orElse("");
    Serials of = serials.computeIfAbsent(endpoint, _ -> new Serials());
    int before = of.before(operation.invoke());
    if (before >= 0 && of.highest.get(before) >= serial) {
      found.add(
          Violation.STALE,
          "answer "
              + serial
              + " of "
              + endpoint
              + " is not newer than "
              + of.highest.get(before)
              + ", which came before it was asked for",
          of.events.get(before),
          operation.invoke(),
          operation.completion());
    }
    if (of.highest.isEmpty() || of.highest.getLast() < serial) {
      of.events.add(operation.completion());
      of.highest.add(serial);
    }
  }

  private static Optional<Json> parsed(Event event) {
    try {
      return Optional.of(Json.parse(event.value()));
    } catch (MalformedHistory _) {
      return Optional.empty();
    }
  }
}
