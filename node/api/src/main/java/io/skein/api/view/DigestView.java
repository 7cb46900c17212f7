package io.skein.api.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a node holds of a stretch of ledger time, in short: equal on two nodes if they hold the
/// same records there.
///
/// A digest is SHA-256 over, for each feed with a record in the stretch, in order of author and
/// epoch: author (16 bytes), epoch, seq of its first and of its last record there (8 bytes each,
/// big endian), hash of the last (32 bytes). A feed is a hash chain, so the last hash stands for
/// all before it.
///
/// @param headsRoot root over the heads of all feeds now, in hexadecimal
/// @param since begin of the stretch, included; empty: from the first record on
/// @param until end of the stretch, not included; empty: up to now
/// @param records records in the stretch
/// @param digest in hexadecimal
/// @param feeds the feeds with records in the stretch
/// @param buckets the stretch in steps, oldest first; those without records are left out
public record DigestView(
    String headsRoot,
    Optional<Instant> since,
    Optional<Instant> until,
    long records,
    String digest,
    List<Feed> feeds,
    List<Bucket> buckets) {
  public DigestView {
    feeds = List.copyOf(feeds);
    buckets = List.copyOf(buckets);
  }

  /// One feed's part in the stretch.
  ///
  /// @param author a node's id
  /// @param name the author's name; empty text if unknown
  /// @param epoch unsigned decimal
  /// @param first seq of its first record there
  /// @param last seq of its last record there
  /// @param records how many that are
  /// @param hash of the last
  public record Feed(
      String author, String name, String epoch, long first, long last, long records, String hash) {}

  /// One step.
  ///
  /// @param since begin, included: a multiple of the step since 1970
  /// @param until end, not included
  public record Bucket(Instant since, Instant until, long records, String digest) {}
}
