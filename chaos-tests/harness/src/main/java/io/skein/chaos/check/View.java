package io.skein.chaos.check;

import io.skein.chaos.history.MalformedHistory;
import io.skein.chaos.history.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What one reader saw at one node, read by read.
///
/// A read from the start shows a whole state; one with `since` adds to the state before. Reads of a
/// reader follow each other, so that what it sees must only grow.
final class View {
  private final String node;
  private final int process;
  private final List<Read> reads = new ArrayList<>();
  private long given;

  /// A read.
  ///
  /// @param whole whether it shows all, and not only what is new
  /// @param elements what it shows
  record Read(Operation operation, boolean whole, int[] elements) {}

  /// Hears how a view grows. Numbers of reads count from 0.
  interface Walk {
    /// `element` shows in `read` and did not in the one before.
    default void shown(int element, int read) {}

    /// `element` shows in `read` although the reader has it already in the same state.
    default void again(int element, int read) {}

    /// `element` does not show in `read` and did in the one before.
    default void gone(int element, int read) {}

    /// All of `read` has been told.
    default void read(int read) {}
  }

  View(String node, int process) {
    this.node = node;
    this.process = process;
  }

  String node() {
    return node;
  }

  int process() {
    return process;
  }

  List<Read> reads() {
    return reads;
  }

  void add(Operation operation, long since, int[] elements) throws MalformedHistory {
    if (since != 0 && since != given) {
      throw new MalformedHistory(
          operation.completion() + 2L,
          "answer to read: since " + since + ", but this reader was given " + given);
    }
    given = since + elements.length;
    reads.add(new Read(operation, since == 0, elements));
  }

  /// Tells how it grows.
  ///
  /// @param size how many elements there are
  void walk(int size, Walk walk) {
    // The state in which an element was seen last; states are numbered from 1.
    int[] seen = new int[size];
    int state = 0;
    int held = 0;
    for (int r = 0; r < reads.size(); r++) {
      Read read = reads.get(r);
      if (!read.whole() && state > 0) {
        for (int element : read.elements()) {
          if (seen[element] == state) {
            walk.again(element, r);
          } else {
            seen[element] = state;
            held++;
            walk.shown(element, r);
          }
        }
      } else {
        int before = state++;
        int continued = 0;
        int now = 0;
        for (int element : read.elements()) {
          if (seen[element] == state) {
            walk.again(element, r);
            continue;
          }
          boolean had = before > 0 && seen[element] == before;
          seen[element] = state;
          now++;
          if (had) {
            continued++;
          } else {
            walk.shown(element, r);
          }
        }
        if (continued < held) {
          for (int element = 0; element < size; element++) {
            if (seen[element] == before && before > 0) {
              walk.gone(element, r);
            }
          }
        }
        held = now;
      }
      walk.read(r);
    }
  }

  /// What a reader's whole time comes down to, by element.
  ///
  /// @param runStart the read from which on it showed without a break; -1 if it does not in the
  ///   last
  /// @param lastShown the last read but those of the unbroken run in which it showed; -1 if none
  record Ends(int[] runStart, int[] lastShown) {}

  Ends ends(int size) {
    int[] runStart = new int[size];
    int[] lastShown = new int[size];
    Arrays.fill(runStart, -1);
    Arrays.fill(lastShown, -1);
    walk(
        size,
        new Walk() {
          @Override
          public void shown(int element, int read) {
            runStart[element] = read;
          }

          @Override
          public void gone(int element, int read) {
            runStart[element] = -1;
            lastShown[element] = read - 1;
          }
        });
    return new Ends(runStart, lastShown);
  }
}
