package io.skein.reputation.evidence;

/// One rater's faded counts per subject, over the long and the short span, in Q16. Reused from
/// rater to rater. One thread.
///
/// Outcomes fade by their distance from the rater's newest outcomes with that subject, and the
/// short span is the last six windows in which it had any: what a rater knows does not fade while
/// it sends nothing. Silence says nothing, for or against. (By distance from ledger time, good
/// would fade faster than bad while nobody asks, so that ten minutes apart mark an honest peer; and
/// the short span of a peer that turned bad would empty for want of requests, which makes it good
/// again.)
public final class Sums {
  private long[] longGood = new long[0];
  private long[] longBad = new long[0];
  private long[] shortGood = new long[0];
  private long[] shortBad = new long[0];
  private long[] ages = new long[0];
  private int[] touched = new int[0];
  private int size;

  /// Sums of nothing.
  public Sums() {}

  /// Empties the sums and makes room for subjects numbered below `limit`.
  void clear(int limit) {
    if (longGood.length < limit) {
      longGood = new long[limit];
      longBad = new long[limit];
      shortGood = new long[limit];
      shortBad = new long[limit];
      ages = new long[limit];
      touched = new int[limit];
    } else {
      for (int i = 0; i < size; i++) {
        int number = touched[i];
        longGood[number] = longBad[number] = shortGood[number] = shortBad[number] = 0;
        ages[number] = 0;
      }
    }
    size = 0;
  }

  /// @param windowAge in windows of ledger time; never less than in the call before for `number`
  void add(int number, int good, int bad, int windowAge) {
    if (ages[number] == 0) {
      touched[size++] = number;
    }
    ages[number] |= 1L << windowAge;
    int age = windowAge - Long.numberOfTrailingZeros(ages[number]);
    long goodQ16 = (long) good * Decay.goodQ16(age);
    long badQ16 = (long) bad * Decay.badQ16(age);
    longGood[number] += goodQ16;
    longBad[number] += badQ16;
    if (Long.bitCount(ages[number]) <= Decay.SHORT_WINDOWS) {
      shortGood[number] += goodQ16;
      shortBad[number] += badQ16;
    }
  }

  /// How many subjects the rater spoke of.
  public int size() {
    return size;
  }

  /// The subject's number at `index`, 0 to size − 1.
  public int number(int index) {
    return touched[index];
  }

  public long longGoodQ16(int number) {
    return longGood[number];
  }

  public long longBadQ16(int number) {
    return longBad[number];
  }

  public long shortGoodQ16(int number) {
    return shortGood[number];
  }

  public long shortBadQ16(int number) {
    return shortBad[number];
  }

  /// Bit a is set if there is evidence of a windows' age.
  public long ages(int number) {
    return ages[number];
  }
}
