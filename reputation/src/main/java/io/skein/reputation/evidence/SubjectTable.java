package io.skein.reputation.evidence;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Small numbers for subjects, so that a testimony is three arrays of integers. A number lives as
/// long as some testimony in a ring names its subject, so that invented names go with the windows
/// they were named in. Numbers depend on the order of arrival and never reach an output.
final class SubjectTable {
  private final Map<Subject, Integer> numbers = new HashMap<>();
  private final List<Subject> subjects = new ArrayList<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int[] uses = new int[64];

  int acquire(Subject subject) {
    Integer known = numbers.get(subject);
    int number;
    if (known != null) {
      number = known;
    } else if (free.isEmpty()) {
      number = subjects.size();
      subjects.add(subject);
      if (number == uses.length) {
        uses = Arrays.copyOf(uses, number * 2);
      }
      numbers.put(subject, number);
    } else {
      number = free.removeLast();
      subjects.set(number, subject);
      numbers.put(subject, number);
    }
    uses[number]++;
    return number;
  }

  void release(int number) {
    if (--uses[number] == 0) {
      numbers.remove(subjects.get(number));
      free.addLast(number);
    }
  }

  /// The number of `subject`, or −1.
  int find(Subject subject) {
    return numbers.getOrDefault(subject, -1);
  }

  Subject subject(int number) {
    return subjects.get(number);
  }

  /// Upper bound (exclusive) of the numbers in use.
  int limit() {
    return subjects.size();
  }

  int size() {
    return numbers.size();
  }
}
