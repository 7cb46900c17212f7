package io.skein.reputation.contract;

import io.skein.reputation.evidence.Evidence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was measured of the subjects of contracts in the closed windows of one moment.
final class Measured {
  private final long first;
  private final Map<String, Line> lines = new HashMap<>();

  private static final class Line {
    final List<List<Word>> words = new ArrayList<>();
    final Figures[] figures = new Figures[Judge.REMEMBERED];

    Line() {
      for (int i = 0; i < Judge.REMEMBERED; i++) {
        words.add(new ArrayList<>(0));
      }
    }
  }

  /// @param first the oldest window
  private Measured(long first) {
    this.first = first;
  }

  /// @param voices in the order of their identities
  /// @param serviceOf the service of each endpoint that somebody asks about
  /// @param whole services that are judged as a whole
  static Measured of(
      Evidence evidence,
      List<Voice> voices,
      long first,
      Map<String, String> serviceOf,
      Set<String> whole) {
    Measured measured = new Measured(first);
    serviceOf.keySet().forEach(endpoint -> measured.lines.put(endpoint, new Line()));
    whole.forEach(service -> measured.lines.put(service, new Line()));
    for (Voice voice : voices) {
      for (int at = 0; at < Judge.REMEMBERED; at++) {
        measured.take(evidence, voice, at, serviceOf, whole);
      }
    }
    return measured;
  }

  private void take(
      Evidence evidence, Voice voice, int at, Map<String, String> serviceOf, Set<String> whole) {
    Map<String, List<Word>> parts = new HashMap<>();
    evidence.show(
        voice.rater(),
        first + at,
        (endpoint, good, bad, p50, p99) -> {
          Line line = lines.get(endpoint);
          String service = serviceOf.get(endpoint);
          if (line == null || service == null || (good | bad) == 0) {
            return;
          }
          Word word = new Word(good, bad, p50, p99, voice.quarter(), voice.origin());
          line.words.get(at).add(word);
          if (whole.contains(service)) {
            parts.computeIfAbsent(service, _ -> new ArrayList<>()).add(word);
          }
        });
    parts.forEach((service, words) -> {
      Line line = lines.get(service);
      if (line != null) {
        line.words.get(at).add(Merge.together(words));
      }
    });
  }

  /// The figures of a subject in the window `at` places after the oldest.
  Figures figures(String subject, int at) {
    Line line = lines.get(subject);
    if (line == null) {
      return Figures.NONE;
    }
    Figures figures = line.figures[at];
    if (figures == null) {
      figures = Merge.of(line.words.get(at));
      line.figures[at] = figures;
    }
    return figures;
  }
}
