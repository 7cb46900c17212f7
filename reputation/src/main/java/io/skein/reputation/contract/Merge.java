package io.skein.reputation.contract;

import io.skein.reputation.evidence.TokenShares;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/// Puts together what several raters measured of one subject in one window.
///
/// Records hold quantiles, no distributions, so that the quantile of all requests together cannot
/// be known; it lies between the smallest and the largest of the raters' (each has at least that
/// share of its requests at or below its own quantile). What is taken is the **weighted lower
/// median** of the raters' values: the smallest value such that raters with at least half of the
/// weight saw no more. A rater weighs its requests, at most [#MOST_WEIGHT] of them, times the
/// quarter (1 to 4) of its own score; a branch's raters weigh together what the heaviest of them
/// does, and a token's are held to a quarter, as in reputation ([TokenShares]). So
///
/// - raters that see the same distribution give the very quantile;
/// - otherwise both the median and the quantile of all requests lie between the smallest and the
///   largest value, and the error is at most their distance, which [Figures] states;
/// - liars with less than half of the weight cannot move it beyond what honest raters saw; what
///   only a minority of the raters suffers does not show.
///
/// The raters' own quantiles are read from buckets of an eighth of an octave: at most 12.5 % too
/// high.
///
/// One rater's word about a whole service is put together from its words about the endpoints: the
/// 99th percentile is the smallest of the endpoints' beyond which at most a hundredth of its
/// requests can lie, those of an endpoint with a larger one counted whole or, where its median is
/// not larger, half. It is at least the 98th percentile of all, and at most the largest of the
/// endpoints' 99th.
final class Merge {
  /// Most requests of one rater that add to its weight.
  static final int MOST_WEIGHT = 1_000;

  /// Raters of one subject and window that are heard, the lowest identities first.
  static final int MOST_RATERS = 4_096;

  private static final long MILLION = 1_000_000;

  private Merge() {}

  static Figures of(List<Word> all) {
    List<Word> words = all.size() > MOST_RATERS ? all.subList(0, MOST_RATERS) : all;
    if (words.isEmpty()) {
      return Figures.NONE;
    }
    long[] weights = weights(words);
    long requests = 0;
    long least = Long.MAX_VALUE;
    long most = 0;
    for (Word word : words) {
      requests += word.requests();
      least = Math.min(least, word.p99Micros());
      most = Math.max(most, word.p99Micros());
    }
    return new Figures(
        requests,
        raters(words),
        median(words, weights, word -> word.bad() * MILLION / word.requests()),
        median(words, weights, Word::p50Micros),
        median(words, weights, Word::p99Micros),
        least,
        most);
  }

  /// What a rater said of a service, from what it said of its endpoints; all of one rater, at least
  /// one.
  static Word together(List<Word> parts) {
    long good = 0;
    long bad = 0;
    for (Word part : parts) {
      good += part.good();
      bad += part.bad();
    }
    Word first = parts.getFirst();
    return new Word(
        good,
        bad,
        median(parts, parts.stream().mapToLong(Word::requests).toArray(), Word::p50Micros),
        p99(parts, good + bad),
        first.quarter(),
        first.origin());
  }

  private static long p99(List<Word> parts, long requests) {
    List<Word> sorted = new ArrayList<>(parts);
    sorted.sort(Comparator.comparingLong(Word::p99Micros));
    for (Word candidate : sorted) {
      long value = candidate.p99Micros();
      // In halves of requests.
      long beyond = 0;
      for (Word part : sorted) {
        if (part.p99Micros() > value) {
          beyond += part.p50Micros() > value ? 2 * part.requests() : part.requests();
        }
      }
      if (beyond * 50 <= requests) {
        return value;
      }
    }
    return sorted.getLast().p99Micros();
  }

  /// Those of a branch are one.
  private static int raters(List<Word> words) {
    return (int) words.stream().mapToInt(word -> word.origin().branch()).distinct().count();
  }

  private static long[] weights(List<Word> words) {
    int[] weights =
        words.stream()
            .mapToInt(word -> (int) Math.min(MOST_WEIGHT, word.requests()) * word.quarter())
            .toArray();
    return TokenShares.of(weights, words.stream().map(Word::origin).toList(), false).each();
  }

  /// The smallest value such that those with at least half of the weight have no more.
  private static long median(List<Word> words, long[] weights, ToLongFunction<Word> value) {
    long whole = Arrays.stream(weights).sum();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong(i -> value.applyAsLong(words.get(i))));
    long below = 0;
    for (int i : order) {
      below += weights[i];
      if (2 * below >= whole) {
        return value.applyAsLong(words.get(i));
      }
    }
    return value.applyAsLong(words.get(order.getLast()));
  }
}
