package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import io.skein.ledger.sync.SyncMessage.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Passes new records on, once they are durable here, along the tree of their author ([PushTree]):
/// own ones, and those that were pushed to this node. What was pulled is not passed on: whoever
/// lacks it pulls it as well.
///
/// Where the tree has more than one level, one random peer is told of the fresh heads at each tick:
/// whom a lost push left out hears of it there. Senders are told what is durable here.
final class Pushes {
  private final Ledger ledger;
  private final Mail mail;
  private final RandomGenerator random;
  private final ReconcilerConfig config;
  private final Map<NodeId, PeerView> peers;

  /// Who pushed the records that wait for the next commit.
  private final Map<Hash, NodeId> pushedBy = new HashMap<>();

  /// Of each author that wrote since the view changed, to whom its records go from here: sorting
  /// all members for each commit again is what a large mesh would spend its time on.
  private final Map<NodeId, List<NodeId>> children = new HashMap<>();

  private final Map<NodeId, Set<FeedId>> received = new TreeMap<>();
  private final Set<FeedId> fresh = new LinkedHashSet<>();

  Pushes(
      Ledger ledger,
      Mail mail,
      RandomGenerator random,
      ReconcilerConfig config,
      Map<NodeId, PeerView> peers) {
    this.ledger = ledger;
    this.mail = mail;
    this.random = random;
    this.config = config;
    this.peers = peers;
  }

  /// The view has changed; `peers` will be these.
  void retain(Set<NodeId> live) {
    received.keySet().retainAll(live);
    children.clear();
  }

  /// A record that a peer pushed was accepted.
  void pushed(SignedRecord record, NodeId by) {
    pushedBy.put(record.hash(), by);
  }

  /// Both have the record; the peer is told so after the next commit.
  void shared(PeerView peer, SignedRecord record) {
    peer.has(record.feed(), record.seq(), record.hash());
    received.computeIfAbsent(peer.id, _ -> new LinkedHashSet<>()).add(record.feed());
  }

  /// Passes on what became durable, and tells senders.
  void committed(List<SignedRecord> records) {
    Map<NodeId, Map<NodeId, Batch>> batches = new LinkedHashMap<>();
    for (SignedRecord record : records) {
      Optional<NodeId> by = Optional.ofNullable(pushedBy.get(record.hash()));
      boolean own = record.author().equals(ledger.self());
      if (!own && (by.isEmpty() || behindTail(record))) {
        continue;
      }
      if (peers.size() > config.pushPeers() && fresh.size() < SyncMessage.MAX_HEADS) {
        fresh.add(record.feed());
      }
      for (NodeId child :
          children.computeIfAbsent(
              record.author(),
              author ->
                  PushTree.children(author, ledger.self(), peers.keySet(), config.pushPeers()))) {
        if (!by.equals(Optional.of(child))) {
          batches
              .computeIfAbsent(record.author(), _ -> new LinkedHashMap<>())
              .computeIfAbsent(child, Batch::new)
              .add(record);
        }
      }
    }
    batches.values().forEach(byChild -> byChild.values().forEach(Batch::send));
    pushedBy.clear();
    tellSenders();
  }

  /// Whether records before it are not verified yet: whoever lacked these would ask for them here.
  private boolean behindTail(SignedRecord record) {
    return ledger.verifiedHead(record.feed()).filter(head -> head.seq() >= record.seq()).isEmpty();
  }

  private final class Batch {
    private final NodeId to;
    private final List<byte[]> records = new ArrayList<>();
    private int bytes;

    Batch(NodeId to) {
      this.to = to;
    }

    void add(SignedRecord record) {
      records.add(record.encoded());
      bytes += record.encodedLength();
      if (bytes >= config.batchBytes() || records.size() >= config.batchRecords()) {
        send();
      }
    }

    void send() {
      if (!records.isEmpty()) {
        mail.send(to, new SyncMessage.Records(0, records));
        records.clear();
        bytes = 0;
      }
    }
  }

  /// Tells who sent records how far they are durable here. Of those that have yet to be verified it
  /// is told when they are.
  void tellSenders() {
    received.values().removeIf(Set::isEmpty);
    received.forEach((peer, feeds) -> mail.send(peer, heads(feeds)));
    received
        .values()
        .forEach(
            feeds -> feeds.removeIf(feed -> ledger.verifiedHead(feed).equals(ledger.head(feed))));
    received.values().removeIf(Set::isEmpty);
  }

  /// Tells a random peer of what was passed on since the last call.
  void announce() {
    if (!fresh.isEmpty() && !peers.isEmpty()) {
      List<NodeId> live = List.copyOf(peers.keySet());
      mail.send(live.get(random.nextInt(live.size())), heads(fresh));
      fresh.clear();
    }
  }

  private SyncMessage heads(Set<FeedId> feeds) {
    List<Entry> news = new ArrayList<>();
    for (FeedId feed : feeds) {
      Optional<Head> head = ledger.verifiedHead(feed);
      if (head.isPresent() && news.size() < SyncMessage.MAX_HEADS) {
        long frozenAt = Optional.ofNullable(ledger.frozen().get(feed)).orElse(0L);
        news.add(new Entry(feed, head.get(), frozenAt));
      }
    }
    return new SyncMessage.Heads(0, 0, 0, news);
  }
}
