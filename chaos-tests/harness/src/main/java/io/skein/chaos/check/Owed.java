package io.skein.chaos.check;

import java.util.List;

/// Walks what a reader saw and keeps count of what it should have seen by then: elements that were
/// known to be acknowledged before a read began.
abstract class Owed implements View.Walk {
  private final View view;
  private final List<Elements.Element> known;
  private final int[] numbers;
  private final boolean[] held;
  private final boolean[] due;
  private int passed;
  private int missing;

  /// @param known elements that are owed, by the time from which they are
  Owed(Elements elements, List<Elements.Element> known, View view) {
    this.view = view;
    this.known = known;
    this.numbers =
        known.stream().mapToInt(element -> elements.find(element.name).orElseThrow()).toArray();
    this.held = new boolean[elements.size()];
    this.due = new boolean[elements.size()];
  }

  /// Goes through all reads.
  final void walk() {
    view.walk(held.length, this);
  }

  /// A read, of which it is known now what it showed.
  ///
  /// @param passed how many of the elements were owed
  /// @param missing how many of those it did not show
  abstract void read(View.Read read, int passed, int missing);

  /// The number of the `i`-th element that is owed.
  final int number(int i) {
    return numbers[i];
  }

  /// Whether it was shown.
  final boolean held(int element) {
    return held[element];
  }

  @Override
  public final void shown(int element, int read) {
    held[element] = true;
    missing -= due[element] ? 1 : 0;
  }

  @Override
  public final void gone(int element, int read) {
    held[element] = false;
    missing += due[element] ? 1 : 0;
  }

  @Override
  public final void read(int number) {
    View.Read read = view.reads().get(number);
    while (passed < numbers.length && known.get(passed).known < read.operation().invoke()) {
      due[numbers[passed]] = true;
      missing += held[numbers[passed]] ? 0 : 1;
      passed++;
    }
    read(read, passed, missing);
  }
}
