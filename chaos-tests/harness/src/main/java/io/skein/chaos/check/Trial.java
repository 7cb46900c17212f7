package io.skein.chaos.check;

import io.skein.chaos.history.Event;
import io.skein.chaos.history.History;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import io.skein.chaos.history.Timeline;
import io.skein.chaos.history.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// A history made ready to be judged: its faults, and its appends and reads with elements numbered.
public final class Trial {
  private final History history;
  private final Timeline timeline;
  private final Elements elements = new Elements();
  private final Map<String, List<View>> views = new TreeMap<>();
  private final Map<String, List<Operation>> answered = new HashMap<>();

  /// An operation that succeeded, with its answer read.
  ///
  /// @param operation the operation
  /// @param value its answer
  record Answer(Operation operation, Json value) {
    String node() {
      return operation.node();
    }

    String function() {
      return operation.function();
    }

    /// A member of the answer that has to be there.
    String text(String member) throws MalformedHistory {
      return value.text(member).orElseThrow(() -> malformed("no text " + member));
    }

    long whole(String member) throws MalformedHistory {
      return value.whole(member).orElseThrow(() -> malformed("no whole number " + member));
    }

    MalformedHistory malformed(String what) {
      return new MalformedHistory(
          operation.completion() + 2L, "answer to " + function() + ": " + what);
    }
  }

  private Trial(History history) {
    this.history = history;
    this.timeline = Timeline.of(history);
  }

  /// Reads all answers.
  ///
  /// @throws MalformedHistory if one is not what [Vocabulary] says it looks like
  public static Trial of(History history) throws MalformedHistory {
    Trial trial = new Trial(history);
    Map<String, Set<String>> said = new HashMap<>();
    for (Operation operation : history.operations()) {
      switch (operation.function()) {
        case Vocabulary.APPEND -> trial.append(operation);
        case Vocabulary.READ -> {
          if (operation.ok()) {
            trial.read(operation);
          }
        }
        case Vocabulary.FEED,
            Vocabulary.ROOTS,
            Vocabulary.PUT,
            Vocabulary.LOOKUP,
            Vocabulary.OWNERS,
            Vocabulary.SHADOWS,
            Vocabulary.STRENGTHS,
            Vocabulary.IDENTITIES,
            Vocabulary.REPAIRS,
            Vocabulary.ACCUSED,
            Vocabulary.REQUEST,
            Vocabulary.TALK,
            Vocabulary.VISIT,
            Vocabulary.COUNTER -> {
          if (operation.ok()) {
            Event ended = operation.ended().orElseThrow();
            if (said.computeIfAbsent(operation.function(), _ -> new HashSet<>())
                .add(ended.value())) {
              form(new Answer(operation, parse(operation, ended)));
            }
            trial
                .answered
                .computeIfAbsent(operation.function(), _ -> new ArrayList<>())
                .add(operation);
          }
        }
        default -> {
          // Carried along.
        }
      }
    }
    return trial;
  }

  /// Refuses an answer that a check would stumble over.
  private static void form(Answer answer) throws MalformedHistory {
    switch (answer.function()) {
      case Vocabulary.FEED -> {
        answer.text("feed");
        answer.whole("from");
        if (!(answer.value().member("hashes") instanceof Json.Items)) {
          throw answer.malformed("no hashes");
        }
      }
      case Vocabulary.ROOTS -> {
        answer.text("heads");
        answer.text("reputation");
      }
      case Vocabulary.PUT, Vocabulary.LOOKUP -> answer.text("key");
      case Vocabulary.OWNERS -> {
        if (!(answer.value().member("owners") instanceof Json.Members(Map<String, Json> owners))
            || !owners.values().stream()
                .allMatch(owner -> owner.text().isPresent() || owner.equals(Json.NOTHING))) {
          throw answer.malformed("no owners");
        }
      }
      case Vocabulary.SHADOWS -> {
        if (!(answer.value().member("shadows") instanceof Json.Members(Map<String, Json> shadows))
            || !shadows.values().stream().allMatch(Json.Items.class::isInstance)) {
          throw answer.malformed("no shadows");
        }
      }
      case Vocabulary.STRENGTHS -> {
        answer.text("heads");
        answer.whole("minute");
        answer.whole("effects");
      }
      case Vocabulary.IDENTITIES -> {
        if (!(answer.value().member("alive") instanceof Json.Items)
            || !(answer.value().member("invites") instanceof Json.Members)) {
          throw answer.malformed("no identities or no invites");
        }
      }
      case Vocabulary.REPAIRS -> {
        if (!(answer.value().member("alive") instanceof Json.Items)
            || !(answer.value().member("repairs") instanceof Json.Items(List<Json> repairs))
            || !repairs.stream().allMatch(Repairs::told)) {
          throw answer.malformed("nobody alive or no repairs");
        }
      }
      case Vocabulary.ACCUSED -> {
        if (!(answer.value().member("nodes") instanceof Json.Items)) {
          throw answer.malformed("no nodes");
        }
      }
      case Vocabulary.REQUEST -> {
        answer.text("id");
        answer.text("endpoint");
      }
      case Vocabulary.TALK -> {
        answer.text("connection");
        if (!(answer.value().member("got") instanceof Json.Items)) {
          throw answer.malformed("no lines");
        }
      }
      case Vocabulary.VISIT -> answer.text("endpoint");
      case Vocabulary.COUNTER -> {
        answer.text("counter");
        answer.whole("value");
      }
      default -> throw new IllegalStateException(answer.function());
    }
  }

  static Json parse(Operation operation, Event event) throws MalformedHistory {
    try {
      return Json.parse(event.value());
    } catch (MalformedHistory e) {
      long line = (event == operation.began() ? operation.invoke() : operation.completion()) + 2L;
      throw new MalformedHistory(line, String.valueOf(e.getMessage()));
    }
  }

  private void append(Operation operation) throws MalformedHistory {
    String element =
        parse(operation, operation.began())
            .text()
            .orElseThrow(() -> new MalformedHistory(operation.invoke() + 2L, "append: not a text"));
    Json answer = operation.ok() ? parse(operation, operation.ended().orElseThrow()) : Json.NOTHING;
    boolean promised = !timeline.byzantine().contains(operation.node());
    OptionalLong seq = answer.whole("seq");
    elements.append(
        element,
        operation,
        promised,
        seq.isPresent() ? answer.text("feed").orElse("") : "",
        seq.orElse(0));
  }

  private void read(Operation operation) throws MalformedHistory {
    if (timeline.byzantine().contains(operation.node())) {
      return;
    }
    Json answer = parse(operation, operation.ended().orElseThrow());
    if (!(answer.member("elements") instanceof Json.Items(List<Json> items))) {
      throw new MalformedHistory(operation.completion() + 2L, "answer to read: no elements");
    }
    int[] numbers = new int[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          elements.number(
              items
                  .get(i)
                  .text()
                  .orElseThrow(() ->
                      new MalformedHistory(
                          operation.completion() + 2L, "answer to read: an element is no text")));
    }
    List<View> readers = views.computeIfAbsent(operation.node(), _ -> new ArrayList<>());
    View view = null;
    for (View one : readers) {
      if (one.process() == operation.began().process()) {
        view = one;
      }
    }
    if (view == null) {
      view = new View(operation.node(), operation.began().process());
      readers.add(view);
    }
    view.add(operation, answer.whole("since").orElse(0), numbers);
  }

  /// The history.
  public History history() {
    return history;
  }

  /// Its faults.
  public Timeline timeline() {
    return timeline;
  }

  /// The times after faults; all of its time if there were none.
  List<Timeline.Calm> calms() {
    return timeline.faults().isEmpty()
        ? List.of(new Timeline.Calm(0, history.endNanos(), true))
        : timeline.calms();
  }

  Elements elements() {
    return elements;
  }

  /// Who read at which node.
  Map<String, List<View>> views() {
    return views;
  }

  /// What succeeded, other than appends and reads, at honest nodes, of one function. Read anew each
  /// time: an hour's answers do not all fit into memory.
  List<Answer> answers(String function) {
    // Many nodes give the same answer, as where a feed ends: it is read and kept once.
    Map<String, Json> said = new HashMap<>();
    List<Answer> answers = new ArrayList<>();
    for (Operation operation : answered.getOrDefault(function, List.of())) {
      if (honest(operation.node())) {
        String value = operation.ended().orElseThrow().value();
        answers.add(new Answer(operation, said.computeIfAbsent(value, Trial::known)));
      }
    }
    return answers;
  }

  private static Json known(String value) {
    try {
      return Json.parse(value);
    } catch (MalformedHistory e) {
      throw new IllegalStateException("read before: " + value, e);
    }
  }

  /// Whether the author of a feed, `author/epoch`, was not made to cheat.
  boolean honestAuthor(String feed) {
    return honest(author(feed));
  }

  /// The author of a feed, `author/epoch`.
  static String author(String feed) {
    int slash = feed.indexOf('/');
    return slash < 0 ? feed : feed.substring(0, slash);
  }

  /// Whether a node was not made to cheat.
  boolean honest(String node) {
    return !timeline.byzantine().contains(node);
  }
}
