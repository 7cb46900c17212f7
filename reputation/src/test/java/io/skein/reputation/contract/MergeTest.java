package io.skein.reputation.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.reputation.evidence.Origin;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What several raters measured, put together: against the samples themselves, and against an
/// account of the rule in unbounded integers.
final class MergeTest {
  /// The value of nearest rank: the smallest that at least q percent of the sorted do not exceed.
  private static long quantile(long[] sorted, int percent) {
    return sorted[(int) ((percent * (long) sorted.length + 99) / 100) - 1];
  }

  private static long[] samples(Random random, int count, double scale) {
    return LongStream.generate(() -> (long) (Math.exp(random.nextGaussian()) * scale) + 1)
        .limit(count)
        .sorted()
        .toArray();
  }

  private static Word word(long[] sorted, int token) {
    return new Word(sorted.length, 0, quantile(sorted, 50), quantile(sorted, 99), 3, alone(token));
  }

  /// Of one that is alone in its branch, and its branch in its token.
  private static Origin alone(int number) {
    return new Origin(number, number);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theErrorIsAtMostTheDistanceOfTheRatersQuantiles(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<Word> words = new ArrayList<>();
      List<long[]> all = new ArrayList<>();
      for (int rater = random.nextInt(1, 9); rater > 0; rater--) {
        long[] sorted = samples(random, random.nextInt(1, 400), 1_000 * random.nextInt(1, 20));
        all.add(sorted);
        words.add(word(sorted, rater));
      }
      long[] pooled = all.stream().flatMapToLong(LongStream::of).sorted().toArray();
      Figures figures = Merge.of(words);
      long exact = quantile(pooled, 99);
      long spread = figures.mostP99Micros() - figures.leastP99Micros();
      assertTrue(Math.abs(figures.p99Micros() - exact) <= spread, "seed " + seed + " " + words);
      assertTrue(figures.leastP99Micros() <= exact && exact <= figures.mostP99Micros());
      assertEquals(pooled.length, figures.requests());
    }
  }

  @Test
  void ratersThatSeeTheSameGiveTheVeryQuantile() {
    long[] sorted = samples(new Random(1), 500, 5_000);
    Figures figures = Merge.of(List.of(word(sorted, 1), word(sorted, 2), word(sorted, 3)));
    assertEquals(quantile(sorted, 99), figures.p99Micros());
    assertEquals(quantile(sorted, 50), figures.p50Micros());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theRuleAgreesWithAnAccountInUnboundedIntegers(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Word> words = new ArrayList<>();
      int tokens = random.nextInt(1, 9);
      int branches = random.nextInt(1, 4);
      for (int rater = random.nextInt(1, 12); rater > 0; rater--) {
        int token = random.nextInt(tokens);
        words.add(
            new Word(
                random.nextInt(random.nextInt(4) == 0 ? Integer.MAX_VALUE : 2_000) + 1L,
                random.nextInt(10),
                random.nextInt(1_000),
                random.nextInt(1_000),
                random.nextInt(1, 5),
                new Origin(token, token * branches + random.nextInt(branches))));
      }
      assertEquals(oracle(words), Merge.of(words).p99Micros(), () -> words.toString());
    }
  }

  private static long plain(Word word) {
    return Math.min(1_000, word.requests()) * word.quarter();
  }

  private static long oracle(List<Word> words) {
    BigInteger scale = BigInteger.valueOf(12L << 10);
    List<BigInteger> weights = new ArrayList<>();
    TreeMap<Integer, BigInteger> sums = new TreeMap<>();
    for (Word word : words) {
      long heaviest = 0;
      long branch = 0;
      for (Word other : words) {
        if (other.origin().branch() == word.origin().branch()) {
          heaviest = Math.max(heaviest, plain(other));
          branch += plain(other);
        }
      }
      BigInteger[] parts =
          scale
              .multiply(BigInteger.valueOf(plain(word)))
              .multiply(BigInteger.valueOf(heaviest))
              .divideAndRemainder(BigInteger.valueOf(branch));
      BigInteger weight = parts[0].add(BigInteger.valueOf(parts[1].signum()));
      weights.add(weight);
      sums.merge(word.origin().token(), weight, BigInteger::add);
    }
    List<BigInteger> sorted = new ArrayList<>(sums.values());
    sorted.sort(null);
    if (sorted.size() >= 4) {
      BigInteger rest = sorted.stream().reduce(BigInteger.ZERO, BigInteger::add);
      int cut = 0;
      while (cut < 3
          && sorted
                  .get(sorted.size() - 1 - cut)
                  .multiply(BigInteger.valueOf(4 - cut))
                  .compareTo(rest)
              > 0) {
        rest = rest.subtract(sorted.get(sorted.size() - 1 - cut));
        cut++;
      }
      BigInteger cap = rest.divide(BigInteger.valueOf(4 - cut));
      for (int i = 0; i < weights.size(); i++) {
        BigInteger sum = sums.getOrDefault(words.get(i).origin().token(), BigInteger.ZERO);
        if (sum.compareTo(cap) > 0) {
          weights.set(i, weights.get(i).multiply(cap).divide(sum));
        }
      }
    }
    BigInteger whole = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
    for (long value = 0; ; value++) {
      BigInteger below = BigInteger.ZERO;
      for (int i = 0; i < weights.size(); i++) {
        below = words.get(i).p99Micros() <= value ? below.add(weights.get(i)) : below;
      }
      if (below.shiftLeft(1).compareTo(whole) >= 0) {
        return value;
      }
    }
  }

  @Test
  void liarsWithLessThanHalfOfTheWeightDoNotMoveItBeyondWhatTheHonestSaw() {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      words.add(new Word(100, 0, 10, 90 + i, 2, alone(i)));
    }
    for (int i = 5; i < 9; i++) {
      words.add(new Word(100, 0, 10, 1_000_000, 2, alone(i)));
    }
    assertEquals(94, Merge.of(words).p99Micros());
    assertEquals(1_000_000, Merge.of(words).mostP99Micros());
  }

  @Test
  void aBranchWeighsWhatItsHeaviestDoesAndIsOneRater() {
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      words.add(new Word(100, 0, 10, 90 + i, 2, new Origin(0, i)));
    }
    for (int i = 0; i < 60; i++) {
      words.add(new Word(100, 0, 10, 1_000_000, 2, new Origin(0, 3)));
    }
    // Of a weight of four, three have seen at most 92, and half is reached at 91.
    assertEquals(91, Merge.of(words).p99Micros());
    assertEquals(4, Merge.of(words).raters());
    assertEquals(6_300, Merge.of(words).requests());
  }

  @Test
  void aHugeCountWeighsNoMoreThanAThousand() {
    Word busy = new Word(Integer.MAX_VALUE, 0, 1, 9_000, 3, alone(1));
    List<Word> words =
        List.of(busy, new Word(600, 0, 1, 10, 3, alone(2)), new Word(600, 0, 1, 11, 3, alone(3)));
    assertEquals(11, Merge.of(words).p99Micros());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aServiceIsAtLeastThe98thPercentileOfAllAndAtMostTheLargestOfItsEndpoints(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<Word> parts = new ArrayList<>();
      List<long[]> all = new ArrayList<>();
      for (int endpoint = random.nextInt(1, 9); endpoint > 0; endpoint--) {
        long[] sorted = samples(random, random.nextInt(1, 400), 1_000 * random.nextInt(1, 20));
        all.add(sorted);
        parts.add(word(sorted, 1));
      }
      long[] pooled = all.stream().flatMapToLong(LongStream::of).sorted().toArray();
      long p99 = Merge.together(parts).p99Micros();
      assertTrue(p99 >= quantile(pooled, 98), "seed " + seed + " " + parts);
      assertTrue(p99 <= parts.stream().mapToLong(Word::p99Micros).max().orElseThrow());
    }
  }

  @Test
  void whatAFewRequestsToASlowEndpointAddDoesNotDecideForTheService() {
    List<Word> parts =
        List.of(new Word(1_000, 0, 5, 20, 3, alone(1)), new Word(9, 0, 4_000, 9_000, 3, alone(1)));
    assertEquals(20, Merge.together(parts).p99Micros());
  }
}
