package io.skein.ledger.record;

/// Where one feed may be cut: right before one of its author's checkpoints, which states the same
/// size and root.
///
/// @param feed which
/// @param size how many of its first records may go, 1 or more
/// @param root the RFC 9162 root over them
public record Cut(FeedId feed, long size, Hash root) {
  public Cut {
    Checks.range("size", size, 1, Long.MAX_VALUE - 1);
  }
}
