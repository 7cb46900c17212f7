package io.skein.ledger.log;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The proofs of forks that a ledger has, and where they cut the feeds.
///
/// A feed counts up to the record before the lowest place that is proven forked: of all that the
/// author signed, this is what no other of its words contradicts. Cuts depend on nothing but the
/// set of proofs and only move down as it grows, so two nodes that have exchanged their proofs cut
/// alike, whichever branch each had taken in first.
///
/// One proof is kept per feed, the lowest. An author with [#MAX_FORKED_FEEDS] forked feeds is an
/// *outlaw*: nothing it wrote or will write counts, whichever of its feeds they were, and no
/// further proof against it is kept. So what one author can make a node keep is bounded.
///
/// The genesis is never cut off: the mesh's id is its hash, no other record can stand in its place.
final class Forks {
  /// From how many forked feeds on an author is an outlaw.
  static final int MAX_FORKED_FEEDS = 16;

  private final TreeMap<FeedId, ForkProof> proofs = new TreeMap<>();
  private final TreeSet<NodeId> outlaws = new TreeSet<>();
  private @Nullable FeedId genesis;

  /// The feed whose first record is the mesh's genesis.
  void genesis(FeedId feed) {
    genesis = feed;
  }

  /// Whether the proof would move a cut down.
  boolean lowers(ForkProof proof) {
    return cut(proof.feed(), proof.seq()) < cut(proof.feed());
  }

  /// Takes in a proof that [lowers][#lowers] a cut.
  void add(ForkProof proof) {
    proofs.put(proof.feed(), proof);
    NodeId author = proof.feed().author();
    if (of(author).size() >= MAX_FORKED_FEEDS) {
      outlaws.add(author);
    }
  }

  boolean outlaw(NodeId author) {
    return outlaws.contains(author);
  }

  /// The first place of a feed that does not count; [Long#MAX_VALUE] if all of it does.
  long cut(FeedId feed) {
    ForkProof proof = proofs.get(feed);
    long seq = outlaw(feed.author()) ? 1 : proof == null ? Long.MAX_VALUE : proof.seq();
    return cut(feed, seq);
  }

  private long cut(FeedId feed, long seq) {
    return feed.equals(genesis) ? Math.max(2, seq) : seq;
  }

  boolean frozen(FeedId feed) {
    return cut(feed) != Long.MAX_VALUE;
  }

  OptionalLong frozenAt(FeedId feed) {
    return frozen(feed) ? OptionalLong.of(cut(feed)) : OptionalLong.empty();
  }

  Optional<ForkProof> proof(FeedId feed) {
    return Optional.ofNullable(proofs.get(feed));
  }

  /// The proofs against one author, in order of feeds.
  List<ForkProof> of(NodeId author) {
    return List.copyOf(
        proofs.subMap(new FeedId(author, 0), true, new FeedId(author, -1), true).values());
  }

  /// All proofs, in order of feeds.
  List<ForkProof> all() {
    return new ArrayList<>(proofs.values());
  }

  /// Forked feeds.
  int size() {
    return proofs.size();
  }

  /// The cuts to name beside the heads: of each forked feed whose author `known` says is one of the
  /// mesh. Of an outlaw's feeds only that of the genesis is named, for which of the others a node
  /// has proofs of is chance.
  TreeMap<FeedId, Long> named(Predicate<NodeId> known) {
    TreeMap<FeedId, Long> named = new TreeMap<>();
    for (FeedId feed : proofs.keySet()) {
      if (known.test(feed.author()) && !outlaw(feed.author())) {
        named.put(feed, cut(feed));
      }
    }
    FeedId first = genesis;
    if (first != null && outlaw(first.author()) && known.test(first.author())) {
      named.put(first, cut(first));
    }
    return named;
  }
}
