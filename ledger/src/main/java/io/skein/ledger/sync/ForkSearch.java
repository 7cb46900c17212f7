package io.skein.ledger.sync;

/// Looks for the place where a peer's branch of a feed leaves the one held. Agreement and
/// disagreement are both inherited along a chain, so halving finds it: a record that is the same
/// says that all before it are, one that differs that all after it do.
final class ForkSearch {
  private long agree;
  private long differ;
  private boolean looked;
  private boolean progress;

  /// @param differ a seq at which the two differ, or may
  ForkSearch(long differ) {
    this.differ = differ;
  }

  /// Where to look next.
  ///
  /// @param batch how many records an answer brings
  long next(int batch) {
    if (!looked) {
      looked = true;
      return Math.max(1, differ);
    }
    return differ - agree <= batch ? agree + 1 : agree + (differ - agree) / 2;
  }

  /// The record at `seq` is the same.
  void same(long seq) {
    if (seq > agree) {
      agree = seq;
      progress = true;
    }
  }

  /// The records at `seq` differ.
  void differs(long seq) {
    looked = true;
    progress |= seq <= differ;
    differ = Math.min(differ, seq);
  }

  /// Whether it is over: the place is found, or the last look taught nothing.
  boolean over() {
    boolean futile = looked && !progress;
    progress = false;
    return futile || found();
  }

  /// Whether the place is found.
  boolean found() {
    return agree + 1 >= differ;
  }
}
