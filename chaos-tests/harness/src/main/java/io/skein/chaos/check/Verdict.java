package io.skein.chaos.check;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a check says of a history.
///
/// @param check the check's name
/// @param result whether the promise was kept
/// @param summary what was looked at, in one line
/// @param findings what was found, at most [#MOST_FINDINGS] of it
/// @param found how much was found
/// @param figures what was counted and measured, times in milliseconds
public record Verdict(
    String check,
    Result result,
    String summary,
    List<Finding> findings,
    long found,
    SortedMap<String, Double> figures) {
  /// Most findings that are kept of one check; the rest is counted.
  public static final int MOST_FINDINGS = 100;

  /// Whether a promise was kept.
  public enum Result {
    /// It was.
    VALID,
    /// It was not.
    INVALID,
    /// The history does not tell: nothing in it, or it ended too early.
    UNKNOWN
  }

  /// Copies the collections.
  public Verdict {
    findings = List.copyOf(findings);
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
  }
}
