package io.skein.ledger.witness;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Who witnesses a feed: [#COUNT] members of as many branches as there are
/// ([io.skein.ledger.admission.Branches]), so that nobody becomes three of five by inviting.
///
/// The rank of an identity is SHA-256("skein witness 1\n" ‖ author ‖ epoch ‖ identity), the
/// greatest first. Branches are ranked by who begins them, the members of a branch among
/// themselves. Chosen is the first of each branch, in the order of branches; then the second of
/// each, and so on; and those of the author's own branch only where the others are fewer than
/// [#COUNT]. The author is left out. Where each member is a branch of its own, these are the
/// members with the greatest ranks.
///
/// Everybody who knows the same members names the same witnesses, an author cannot choose its own,
/// and a member that comes or goes changes few of them, as long as it changes no branches.
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
  ///
  /// @param branches the members and the branch of each
  public static SortedSet<NodeId> of(FeedId feed, Map<NodeId, NodeId> branches) {
    Optional<NodeId> own = Optional.ofNullable(branches.get(feed.author()));
    List<NodeId> kin = new ArrayList<>();
    Map<NodeId, List<NodeId>> others = new TreeMap<>();
    branches.forEach((member, branch) -> {
      if (own.filter(branch::equals).isEmpty()) {
        others.computeIfAbsent(branch, _ -> new ArrayList<>()).add(member);
      } else if (!member.equals(feed.author())) {
        kin.add(member);
      }
    });
    SortedSet<NodeId> chosen = new TreeSet<>(inTurn(feed, others));
    ranked(feed, kin).stream().limit(COUNT - chosen.size()).forEach(chosen::add);
    return Collections.unmodifiableSortedSet(chosen);
  }

  /// The first of each branch, then the second of each, up to [#COUNT].
  private static List<NodeId> inTurn(FeedId feed, Map<NodeId, List<NodeId>> branches) {
    List<List<NodeId>> first =
        ranked(feed, branches.keySet()).stream()
            .limit(COUNT)
            .map(branch -> ranked(feed, branches.getOrDefault(branch, List.of())))
            .toList();
    return IntStream.range(0, COUNT)
        .boxed()
        .flatMap(turn ->
            first.stream().filter(branch -> turn < branch.size()).map(branch -> branch.get(turn)))
        .limit(COUNT)
        .toList();
  }

  private static List<NodeId> ranked(FeedId feed, Collection<NodeId> identities) {
    if (identities.size() < 2) {
      return List.copyOf(identities);
    }
    TreeMap<byte[], NodeId> ranked =
        new TreeMap<>((one, other) -> Arrays.compareUnsigned(other, one));
    identities.forEach(identity -> ranked.put(rank(feed, identity), identity));
    return List.copyOf(ranked.values());
  }

  private static byte[] rank(FeedId feed, NodeId identity) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(
              ByteBuffer.allocate(CONTEXT.length + 2 * NodeId.BYTES + Long.BYTES)
                  .put(CONTEXT)
                  .put(feed.author().toBytes())
                  .putLong(feed.epoch())
                  .put(identity.toBytes())
                  .array());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
