package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What was acknowledged and what each node shows, and whether the two agree.
///
/// While a run goes on each record that becomes visible is held against what all nodes showed
/// before: a feed grows by one at a time on every node, and one place of one feed holds one record
/// in the whole mesh. At its end [#validate] holds the nodes' contents against the
/// acknowledgements: everything acknowledged is on every node exactly once, and nothing else is.
///
/// Liars are promised nothing. Of their records it is only asked that they did sign them, and that
/// none is shown that had to be refused; that they are the same everywhere is what equal heads say.
final class History {
  private final Set<NodeId> liars;
  private final Set<Hash> signedByLiars = new HashSet<>();
  private final Set<NodeId> rotten = new HashSet<>();
  private final Map<Hash, String> forbidden = new HashMap<>();
  private final Map<Hash, Visible> acknowledged = new LinkedHashMap<>();
  private final Set<String> acknowledgedWrites = new LinkedHashSet<>();
  private final Map<FeedId, Map<Long, Hash>> places = new HashMap<>();
  private final TreeMap<NodeId, Map<FeedId, Long>> heads = new TreeMap<>();
  private final TreeMap<NodeId, Map<FeedId, Long>> headsBefore = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();
  private int lost;
  private int duplicated;
  private int unexpected;

  /// A history of honest nodes.
  History() {
    this(Set.of());
  }

  History(Set<NodeId> liars) {
    this.liars = Set.copyOf(liars);
  }

  /// A liar has signed that.
  void signed(Hash record) {
    signedByLiars.add(record);
  }

  /// Nobody may ever show that record.
  void forbid(Hash record, String why) {
    forbidden.put(record, why);
  }

  /// `node` shows `record` as durable; to its author that is the acknowledgement.
  void visible(NodeId node, Visible record) {
    visible(node, node, record);
  }

  /// The same where `node` is one of several machines that are all `self`.
  void visible(NodeId node, NodeId self, Visible record) {
    visible(node, self, record, 0);
  }

  /// The same of a feed that `node` has cut: of the first `cutSize` records it shows some.
  void visible(NodeId node, NodeId self, Visible record, long cutSize) {
    if (liars.contains(self)) {
      if (record.feed().author().equals(self)) {
        signedByLiars.add(record.hash());
      }
      return;
    }
    if (forbidden.containsKey(record.hash())) {
      violations.add(name(node) + " shows " + record + ": " + forbidden.get(record.hash()));
    }
    if (record.feed().author().equals(self)
        && acknowledged.putIfAbsent(record.hash(), record) == null
        && !record.write().isEmpty()
        && !acknowledgedWrites.add(record.write())) {
      violations.add("acknowledged twice: " + record);
      duplicated++;
    }
    Map<FeedId, Long> own = heads.computeIfAbsent(node, _ -> new HashMap<>());
    long head = own.getOrDefault(record.feed(), 0L);
    boolean behindCut = record.seq() > head && record.seq() <= cutSize + 1;
    if (record.seq() != head + 1 && !behindCut && !rotten.contains(node)) {
      violations.add(name(node) + " shows " + record + " after #" + head);
    }
    own.put(record.feed(), record.seq());
    if (liars.contains(record.feed().author())) {
      return;
    }
    Hash other =
        places
            .computeIfAbsent(record.feed(), _ -> new HashMap<>())
            .putIfAbsent(record.seq(), record.hash());
    if (other != null && !other.equals(record.hash())) {
      violations.add("fork: two records at " + record);
    }
  }

  /// `node` lost power and will show its durable records anew.
  void crashed(NodeId node) {
    crashed(node, Map.of());
  }

  /// The same of a node that had not verified every signature: behind `verified` it may find that a
  /// record is not signed, and has to fetch it and what follows again.
  void crashed(NodeId node, Map<FeedId, Head> verified) {
    Map<FeedId, Long> lost = heads.remove(node);
    if (lost != null) {
      verified.forEach(
          (feed, head) -> lost.computeIfPresent(feed, (_, seq) -> Math.min(seq, head.seq())));
      headsBefore.put(node, lost);
    }
  }

  /// Records on `node`'s disk are damaged: until it starts again it may leave them out.
  void rots(NodeId node) {
    rotten.add(node);
  }

  /// Records were taken from `node`'s disk: it need not show what it showed before.
  void robbed(NodeId node) {
    heads.remove(node);
    headsBefore.remove(node);
    rotten.remove(node);
  }

  /// `node` runs again and has shown what it holds.
  void reopened(NodeId node) {
    Map<FeedId, Long> now = heads.getOrDefault(node, Map.of());
    headsBefore
        .getOrDefault(node, Map.of())
        .forEach((feed, seq) -> {
          if (now.getOrDefault(feed, 0L) < seq
              && !liars.contains(feed.author())
              && !rotten.contains(node)) {
            violations.add(name(node) + " lost durable records of " + feed);
            lost++;
          }
        });
  }

  /// Compares the nodes' contents with what was acknowledged. Once, at the end.
  ///
  /// @return everything found wrong in this history so far; empty if nothing
  List<String> validate(Map<NodeId, List<Visible>> contents) {
    List<String> found = new ArrayList<>(violations);
    contents.forEach((node, records) -> {
      Map<Hash, Integer> times = new HashMap<>();
      Map<String, Integer> writes = new HashMap<>();
      for (Visible record : records) {
        times.merge(record.hash(), 1, Integer::sum);
        if (!record.write().isEmpty()) {
          writes.merge(record.write(), 1, Integer::sum);
        }
        if (liars.contains(record.feed().author())
            ? !signedByLiars.contains(record.hash())
            : !acknowledged.containsKey(record.hash())) {
          found.add(name(node) + " holds " + record + ", which nobody acknowledged");
          unexpected++;
        }
      }
      for (Visible record : acknowledged.values()) {
        int held = times.getOrDefault(record.hash(), 0);
        if (held != 1) {
          found.add(name(node) + " holds " + record + " " + held + " times");
          miscount(held);
        }
      }
      for (String write : acknowledgedWrites) {
        int held = writes.getOrDefault(write, 0);
        if (held != 1) {
          found.add(name(node) + " holds write " + write + " " + held + " times");
          miscount(held);
        }
      }
    });
    return found;
  }

  private void miscount(int held) {
    if (held == 0) {
      lost++;
    } else {
      duplicated++;
    }
  }

  /// The books, once [#validate] has closed them.
  Balance balance() {
    return new Balance(acknowledged.size(), lost, duplicated, unexpected);
  }

  /// What was found wrong while the run went on.
  List<String> violations() {
    return violations;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /// Clients' writes acknowledged so far.
  Set<String> acknowledgedWrites() {
    return acknowledgedWrites;
  }

  private static String name(NodeId node) {
    return node.toString().substring(0, 6);
  }
}
