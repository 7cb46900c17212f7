package io.skein.chaos.check;

import java.util.ArrayList;
import java.util.List;

/// How far a node was behind, read by read.
///
/// @param node the node
/// @param points at the beginning of each read, what the read then lacked
public record Lag(String node, List<Point> points) {
  /// Copies the list.
  public Lag {
    points = List.copyOf(points);
  }

  /// A read.
  ///
  /// @param nanos when it began
  /// @param missing how many elements acknowledged before that it did not show
  public record Point(long nanos, int missing) {}

  /// The lags of all nodes that were read, by the reader that read most often.
  public static List<Lag> of(Trial trial) {
    List<Elements.Element> known = Convergence.byTimeKnown(trial.elements());
    List<Lag> lags = new ArrayList<>();
    trial
        .views()
        .forEach((node, readers) -> {
          View most = readers.getFirst();
          for (View view : readers) {
            most = view.reads().size() > most.reads().size() ? view : most;
          }
          lags.add(new Lag(node, points(trial.elements(), known, most)));
        });
    return lags;
  }

  private static List<Point> points(Elements elements, List<Elements.Element> known, View view) {
    List<Point> points = new ArrayList<>();
    new Owed(elements, known, view) {
      @Override
      void read(View.Read read, int passed, int missing) {
        points.add(new Point(read.operation().began().nanos(), missing));
      }
    }.walk();
    return points;
  }
}
