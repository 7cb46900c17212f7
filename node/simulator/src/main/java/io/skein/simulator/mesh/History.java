package io.skein.simulator.mesh;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.util.ArrayList;
import java.util.HashMap;
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
final class History {
  private final Map<Hash, Visible> acknowledged = new LinkedHashMap<>();
  private final Set<String> acknowledgedWrites = new LinkedHashSet<>();
  private final Map<FeedId, Map<Long, Hash>> places = new HashMap<>();
  private final TreeMap<NodeId, Map<FeedId, Long>> heads = new TreeMap<>();
  private final TreeMap<NodeId, Map<FeedId, Long>> headsBefore = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();

  /// `node` shows `record` as durable; to its author that is the acknowledgement.
  void visible(NodeId node, Visible record) {
    if (record.feed().author().equals(node)
        && acknowledged.putIfAbsent(record.hash(), record) == null
        && !record.write().isEmpty()
        && !acknowledgedWrites.add(record.write())) {
      violations.add("acknowledged twice: " + record);
    }
    Map<FeedId, Long> own = heads.computeIfAbsent(node, _ -> new HashMap<>());
    long head = own.getOrDefault(record.feed(), 0L);
    if (record.seq() != head + 1) {
      violations.add(name(node) + " shows " + record + " after #" + head);
    }
    own.put(record.feed(), record.seq());
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
    Map<FeedId, Long> lost = heads.remove(node);
    if (lost != null) {
      headsBefore.put(node, lost);
    }
  }

  /// `node` runs again and has shown what it holds.
  void reopened(NodeId node) {
    Map<FeedId, Long> now = heads.getOrDefault(node, Map.of());
    headsBefore
        .getOrDefault(node, Map.of())
        .forEach((feed, seq) -> {
          if (now.getOrDefault(feed, 0L) < seq) {
            violations.add(name(node) + " lost durable records of " + feed);
          }
        });
  }

  /// Compares the nodes' contents with what was acknowledged.
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
        if (!acknowledged.containsKey(record.hash())) {
          found.add(name(node) + " holds " + record + ", which nobody acknowledged");
        }
      }
      for (Visible record : acknowledged.values()) {
        int held = times.getOrDefault(record.hash(), 0);
        if (held != 1) {
          found.add(name(node) + " holds " + record + " " + held + " times");
        }
      }
      for (String write : acknowledgedWrites) {
        int held = writes.getOrDefault(write, 0);
        if (held != 1) {
          found.add(name(node) + " holds write " + write + " " + held + " times");
        }
      }
    });
    return found;
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
