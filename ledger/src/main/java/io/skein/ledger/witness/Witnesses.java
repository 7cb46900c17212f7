package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Who witnesses a feed: the [#COUNT] members with the greatest SHA-256("skein witness 1\n" ‖
/// author ‖ epoch ‖ member), the author left out. Everybody who knows the same members names the
/// same witnesses, an author cannot choose its own, and a member that comes or goes changes few of
/// them.
///
/// Rendezvous hashing: Thaler, Ravishankar, "Using name-based mappings to increase hit rates"
/// (1998).
public final class Witnesses {
  /// Witnesses of a feed, if the mesh has so many other members.
  public static final int COUNT = 5;

  /// Cosignatures that make a checkpoint witnessed.
  public static final int QUORUM = 3;

  private static final byte[] CONTEXT = "skein witness 1\n".getBytes(StandardCharsets.US_ASCII);

  private Witnesses() {}

  /// The witnesses of a feed.
  public static SortedSet<NodeId> of(FeedId feed, Collection<NodeId> members) {
    TreeMap<byte[], NodeId> ranked =
        new TreeMap<>((one, other) -> Arrays.compareUnsigned(other, one));
    for (NodeId member : members) {
      if (!member.equals(feed.author())) {
        ranked.put(rank(feed, member), member);
      }
    }
    SortedSet<NodeId> first = new TreeSet<>();
    ranked.values().stream().limit(COUNT).forEach(first::add);
    return Collections.unmodifiableSortedSet(first);
  }

  private static byte[] rank(FeedId feed, NodeId member) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(
              ByteBuffer.allocate(CONTEXT.length + 2 * NodeId.BYTES + Long.BYTES)
                  .put(CONTEXT)
                  .put(feed.author().toBytes())
                  .putLong(feed.epoch())
                  .put(member.toBytes())
                  .array());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
