package io.skein.simulator.mesh;

import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.Head;
import io.skein.ledger.log.Ledger;
import io.skein.ledger.log.Refusal;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// A node that cheats while it takes part: an honest node's ledger and reconciler, messages of its
/// own, and a filter over what goes in and out.
final class Liar implements Habit {
  private static final long A_DAY_HLC = 86_400_000L << 16;
  private static final int BRANCH_RECORDS = 4;
  private static final int FLOOD_MESSAGES = 120;

  private final SigningKey key;
  private final Map<NodeId, SigningKey> keys;
  private final Set<Lie> lies;
  private final RandomGenerator random;
  private final Plot plot;
  private final Set<NodeId> deceived = new TreeSet<>();
  private final TreeMap<Long, SignedRecord> branch = new TreeMap<>();
  private Optional<FeedId> forked = Optional.empty();
  private int numbered;
  private Optional<FeedId> unsignedIn = Optional.empty();
  private long unsigned;

  /// Where a liar tells what it is about to do.
  interface Plot {
    /// It sends this to a node.
    void cheat(NodeLife liar, NodeId to, Cheat cheat);

    /// It signed this besides its ledger, and an honest node may accept it.
    void signed(SignedRecord record);

    /// It signed this, or wrote it in somebody's name, and nobody may accept it.
    void forbidden(SignedRecord record, Lie lie);

    /// It has written a checkpoint whose root is wrong.
    void wrongRoot(NodeId liar);

    /// It shows this in place of a record that is signed.
    void spoiled(byte[] encoded);

    /// It shows another history of a feed, from a place on.
    void forked(FeedId feed, long seq);
  }

  /// @param keys of all nodes: to forge a record is to sign it and spoil the signature
  Liar(
      SigningKey key,
      Map<NodeId, SigningKey> keys,
      Collection<Lie> lies,
      RandomGenerator random,
      Plot plot) {
    this.key = key;
    this.keys = keys;
    this.lies = Set.copyOf(lies);
    this.random = random;
    this.plot = plot;
  }

  /// Cheats once more, in one of its ways.
  void act(NodeLife self, Lie lie) {
    switch (lie) {
      case FORK -> fork(self);
      case REPLAY -> replay(self);
      case FUTURE -> future(self);
      case OTHER_MESH -> otherMesh(self);
      case BROKEN_CHAIN -> brokenChain(self);
      case FORGERY -> forge(self);
      case SLANDER -> slander(self);
      case WRONG_ROOT -> wrongRoot(self);
      case GARBAGE -> garbage(self);
      case FLOOD -> flood(self);
      case FALSE_HEADS -> falseHeads(self);
      case SPOIL -> unsign(self);
      case WITHHOLD, AFTER_REVOCATION -> {}
    }
  }

  private void fork(NodeLife self) {
    Ledger ledger = self.ledger();
    if (forked.isEmpty()) {
      if (!ledger.writable()) {
        return;
      }
      FeedId feed = ledger.ownFeed();
      forked = Optional.of(feed);
      keys.keySet()
          .forEach(node -> {
            if (random.nextBoolean()) {
              deceived.add(node);
            }
          });
      long tip = ledger.acceptedSeq(feed);
      long from = Math.max(2, tip + 1 - random.nextLong(3));
      ledger.tryAppend(body());
      Optional<SignedRecord> before = ledger.page(feed, from - 1, 1).stream().findFirst();
      if (before.isEmpty()) {
        forked = Optional.empty();
        return;
      }
      Hash prev = before.get().hash();
      long hlc = before.get().hlc();
      for (long seq = from; seq < from + BRANCH_RECORDS; seq++) {
        hlc++;
        SignedRecord record =
            SignedRecord.sign(key, ledger.meshId(), feed.epoch(), seq, prev, hlc, body());
        plot.signed(record);
        branch.put(seq, record);
        prev = record.hash();
      }
      plot.forked(feed, from);
    }
    List<byte[]> records = branch.values().stream().map(SignedRecord::encoded).toList();
    for (NodeId node : deceived) {
      self.send(node, wire(self).records(0, records));
    }
  }

  /// Whether nobody sees what it writes now: a record before it in its feed is not signed.
  boolean unseen(NodeLife self) {
    return unsignedIn.equals(Optional.of(self.ledger().ownFeed()));
  }

  /// The next of its own records is one that nobody sees signed.
  private void unsign(NodeLife self) {
    Ledger ledger = self.ledger();
    // Nobody would see what else it does in this feed.
    boolean shows = lies.contains(Lie.FORK) || lies.contains(Lie.WRONG_ROOT);
    if (unsignedIn.isEmpty() && ledger.writable() && !shows) {
      unsignedIn = Optional.of(ledger.ownFeed());
      unsigned = ledger.acceptedSeq(ledger.ownFeed()) + 1;
      for (int i = 0; i < BRANCH_RECORDS; i++) {
        self.write(body());
      }
    }
  }

  /// Spoils the signature of its own record of which nobody sees the right one, and in an answer
  /// one of others'.
  private List<byte[]> spoiled(long id, List<byte[]> records) {
    List<byte[]> shown = new ArrayList<>(records);
    for (int i = 0; i < shown.size(); i++) {
      if (SignedRecord.decode(shown.get(i)) instanceof Decoded.Valid(SignedRecord record)
          && unsignedIn.equals(Optional.of(record.feed()))
          && record.seq() == unsigned) {
        shown.set(i, spoiled(shown.get(i), 0));
      }
    }
    if (id != 0 && shown.size() > 2 && random.nextBoolean()) {
      int at = random.nextInt(shown.size());
      if (SignedRecord.decode(shown.get(at)) instanceof Decoded.Valid(SignedRecord record)
          && !record.author().equals(key.nodeId())) {
        shown.set(at, spoiled(shown.get(at), random.nextInt(60)));
      }
    }
    return shown;
  }

  private byte[] spoiled(byte[] encoded, int at) {
    byte[] spoiled = encoded.clone();
    spoiled[spoiled.length - 1 - at] ^= 1;
    plot.spoiled(spoiled);
    return spoiled;
  }

  private void replay(NodeLife self) {
    Ledger ledger = self.ledger();
    List<byte[]> old = new ArrayList<>();
    List<FeedId> feeds = ledger.feeds();
    for (int i = 0; i < 20; i++) {
      FeedId feed = feeds.get(random.nextInt(feeds.size()));
      long head = ledger.head(feed).map(Head::seq).orElse(0L);
      ledger.encoded(feed, 1 + random.nextLong(Math.max(1, head))).ifPresent(old::add);
    }
    for (NodeId to : some(self, 4)) {
      cheat(self, to, Lie.REPLAY, wire(self).records(0, old), new Cheat.Nothing());
    }
  }

  private void future(NodeLife self) {
    next(self, self.ledger().meshId(), false, A_DAY_HLC)
        .ifPresent(record -> refused(self, record, Lie.FUTURE, Refusal.IMPLAUSIBLE_CLOCK));
  }

  private void brokenChain(NodeLife self) {
    next(self, self.ledger().meshId(), true, 0)
        .ifPresent(record -> refused(self, record, Lie.BROKEN_CHAIN, Refusal.BROKEN_CHAIN));
  }

  private void otherMesh(NodeLife self) {
    next(self, randomHash(), random.nextBoolean(), 0)
        .ifPresent(record -> ofOtherMesh(self, record));
  }

  private void ofOtherMesh(NodeLife self, SignedRecord record) {
    plot.forbidden(record, Lie.OTHER_MESH);
    byte[] message = wire(self).records(0, List.of(record.encoded()));
    for (NodeId to : some(self, 4)) {
      cheat(self, to, Lie.OTHER_MESH, message, new Cheat.AlwaysRefused(Refusal.OTHER_MESH));
    }
  }

  /// A record for the end of its own feed; empty while it shows none.
  private Optional<SignedRecord> next(NodeLife self, Hash mesh, boolean broken, long aheadHlc) {
    Ledger ledger = self.ledger();
    FeedId feed = ledger.ownFeed();
    return ledger
        .head(feed)
        .map(head ->
            SignedRecord.sign(
                key,
                mesh,
                feed.epoch(),
                head.seq() + 1,
                broken ? randomHash() : head.hash(),
                (self.nowMillis() << 16) + aheadHlc,
                body()));
  }

  private void refused(NodeLife self, SignedRecord record, Lie lie, Refusal reason) {
    plot.forbidden(record, lie);
    byte[] message = wire(self).records(0, List.of(record.encoded()));
    for (NodeId to : some(self, 4)) {
      cheat(self, to, lie, message, new Cheat.Refused(reason, record.feed(), record.seq()));
    }
  }

  private void slander(NodeLife self) {
    Ledger ledger = self.ledger();
    List<FeedId> feeds = ledger.feeds();
    FeedId feed = feeds.get(random.nextInt(feeds.size()));
    SigningKey victim = keys.get(feed.author());
    long seq = 2 + random.nextLong(Math.max(1, ledger.head(feed).orElseThrow().seq() - 1));
    Optional<SignedRecord> held = ledger.page(feed, seq, 1).stream().findFirst();
    if (victim == null || feed.author().equals(key.nodeId()) || held.isEmpty()) {
      return;
    }
    byte[] spoiled =
        SignedRecord.sign(
                victim,
                ledger.meshId(),
                feed.epoch(),
                seq,
                held.get().prev(),
                held.get().hlc(),
                body())
            .encoded();
    spoiled[spoiled.length - 1 - random.nextInt(60)] ^= 1;
    if (SignedRecord.decode(spoiled) instanceof Decoded.Valid(SignedRecord forged)) {
      plot.forbidden(forged, Lie.SLANDER);
      byte[] message = wire(self).evidence(victim.publicKey(), held.get(), forged);
      for (NodeId to : some(self, 4)) {
        cheat(self, to, Lie.SLANDER, message, new Cheat.FalseProof(feed, seq));
      }
    }
  }

  private void wrongRoot(NodeLife self) {
    Ledger ledger = self.ledger();
    if (ledger.writable() && ledger.uncommitted() == 0) {
      long size = ledger.acceptedSeq(ledger.ownFeed());
      byte[] signature =
          TreeHead.of(ledger.meshId(), ledger.ownFeed(), size, randomHash()).sign(key);
      Hash root = randomHash();
      if (self.write(
          new Body.Checkpoint(size, root, ledger.headsRoot(), root, 1, root, signature))) {
        plot.wrongRoot(key.nodeId());
      }
    }
  }

  /// Writes in the name of others: what comes next in their feed, or another content of an old
  /// place.
  private void forge(NodeLife self) {
    Ledger ledger = self.ledger();
    List<FeedId> feeds = ledger.feeds();
    FeedId feed = feeds.get(random.nextInt(feeds.size()));
    Head head = ledger.head(feed).orElseThrow();
    SigningKey victim = keys.get(feed.author());
    if (victim == null || feed.author().equals(key.nodeId())) {
      return;
    }
    long seq = random.nextBoolean() ? head.seq() + 1 : 1 + random.nextLong(head.seq());
    Hash prev =
        seq == 1
            ? Hash.ZERO
            : ledger.page(feed, seq - 1, 1).stream()
                .findFirst()
                .map(SignedRecord::hash)
                .orElse(head.hash());
    if (seq == 1) {
      return;
    }
    SignedRecord genuine =
        SignedRecord.sign(
            victim, ledger.meshId(), feed.epoch(), seq, prev, (self.nowMillis() << 16) + 1, body());
    byte[] spoiled = genuine.encoded();
    spoiled[spoiled.length - 1 - random.nextInt(60)] ^= (byte) (1 << random.nextInt(8));
    if (SignedRecord.decode(spoiled) instanceof Decoded.Valid(SignedRecord record)) {
      refused(self, record, Lie.FORGERY, Refusal.BAD_SIGNATURE);
    }
  }

  private void garbage(NodeLife self) {
    byte[] noise = new byte[1 + random.nextInt(400)];
    random.nextBytes(noise);
    byte[] record = new byte[random.nextInt(200)];
    random.nextBytes(record);
    Wire wire = wire(self);
    byte[] cut = wire.records(0, List.of(record));
    byte[] shortened = java.util.Arrays.copyOf(cut, cut.length - 1);
    for (NodeId to : some(self, 4)) {
      cheat(self, to, Lie.GARBAGE, noise, new Cheat.Dropped());
      cheat(self, to, Lie.GARBAGE, shortened, new Cheat.Dropped());
      cheat(self, to, Lie.GARBAGE, cut, new Cheat.AlwaysRefused(Refusal.MALFORMED));
    }
  }

  private void flood(NodeLife self) {
    for (NodeId to : some(self, 2)) {
      for (int i = 0; i < FLOOD_MESSAGES; i++) {
        self.send(
            to,
            random.nextBoolean()
                ? wire(self).ask(random.nextLong() | 1)
                : wire(self).digest(random.nextLong()));
      }
      replay(self);
    }
  }

  private void falseHeads(NodeLife self) {
    Ledger ledger = self.ledger();
    List<Wire.Entry> entries = new ArrayList<>();
    for (FeedId feed : ledger.feeds()) {
      long seq = ledger.head(feed).map(Head::seq).orElse(0L) + random.nextLong(1, 1_000);
      entries.add(new Wire.Entry(feed, new Head(seq, randomHash())));
    }
    entries.add(
        new Wire.Entry(
            new FeedId(key.nodeId(), random.nextLong() >>> 1), new Head(7, randomHash())));
    byte[] message = wire(self).heads(new Wire.Heads(0, 0, 0, entries));
    for (NodeId to : some(self, 6)) {
      cheat(self, to, Lie.FALSE_HEADS, message, new Cheat.Nothing());
    }
  }

  private void cheat(NodeLife self, NodeId to, Lie lie, byte[] message, Cheat.Due due) {
    plot.cheat(self, to, new Cheat(lie, message, due));
  }

  private List<NodeId> some(NodeLife self, int most) {
    List<NodeId> peers = new ArrayList<>(self.reachable());
    List<NodeId> some = new ArrayList<>();
    while (!peers.isEmpty() && some.size() < most) {
      some.add(peers.remove(random.nextInt(peers.size())));
    }
    return some;
  }

  private Body body() {
    return new Body.Heal(
        "set-aside", "lie-" + numbered++, "endpoint", "dead", key.nodeId().toString(), Hash.ZERO);
  }

  private Hash randomHash() {
    byte[] bytes = new byte[Hash.BYTES];
    random.nextBytes(bytes);
    return Hash.of(bytes);
  }

  private static Wire wire(NodeLife self) {
    return new Wire(self.ledger().meshId());
  }

  /// Says that it is tomorrow, if that is a lie of its.
  @Override
  public long clock(long wallMillis) {
    return lies.contains(Lie.FUTURE) ? wallMillis + HybridClock.millis(A_DAY_HLC) : wallMillis;
  }

  @Override
  public Optional<byte[]> leaving(NodeLife node, NodeId to, byte[] message) {
    boolean withholds = lies.contains(Lie.WITHHOLD);
    boolean deceives = forked.isPresent() && deceived.contains(to);
    boolean spoils = lies.contains(Lie.SPOIL);
    if (!withholds && !deceives && !spoils) {
      return Optional.of(message);
    }
    Wire wire = wire(node);
    Optional<Wire.Records> records = wire.records(message);
    if (records.isPresent()) {
      List<byte[]> shown = new ArrayList<>();
      for (byte[] record : records.get().records()) {
        shown(record, withholds, deceives).ifPresent(shown::add);
      }
      long id = records.get().id();
      return Optional.of(wire.records(id, spoils ? spoiled(id, shown) : shown));
    }
    Optional<Wire.Heads> heads = wire.heads(message);
    if (heads.isPresent()) {
      List<Wire.Entry> shown = new ArrayList<>();
      for (Wire.Entry entry : heads.get().entries()) {
        shown(entry, withholds, deceives).ifPresent(shown::add);
      }
      return Optional.of(
          wire.heads(
              new Wire.Heads(heads.get().nonce(), heads.get().part(), heads.get().parts(), shown)));
    }
    return Optional.of(message);
  }

  private Optional<byte[]> shown(byte[] encoded, boolean withholds, boolean deceives) {
    if (SignedRecord.decode(encoded) instanceof Decoded.Valid(SignedRecord record)) {
      if (withholds && !record.author().equals(key.nodeId())) {
        return Optional.empty();
      }
      if (deceives
          && record.feed().equals(forked.orElseThrow())
          && record.seq() >= branch.firstKey()) {
        return Optional.ofNullable(branch.get(record.seq())).map(SignedRecord::encoded);
      }
    }
    return Optional.of(encoded);
  }

  private Optional<Wire.Entry> shown(Wire.Entry entry, boolean withholds, boolean deceives) {
    if (withholds && !entry.feed().author().equals(key.nodeId())) {
      return Optional.empty();
    }
    if (deceives
        && entry.feed().equals(forked.orElseThrow())
        && entry.head().seq() >= branch.firstKey()) {
      SignedRecord last = branch.getOrDefault(entry.head().seq(), branch.lastEntry().getValue());
      return Optional.of(new Wire.Entry(entry.feed(), new Head(last.seq(), last.hash())));
    }
    return Optional.of(entry);
  }

  /// A liar that forked does not want to hear of it.
  @Override
  public Optional<byte[]> arriving(NodeLife node, NodeId from, byte[] message) {
    if (forked.isEmpty()) {
      return Optional.of(message);
    }
    return wire(node)
        .records(message)
        .map(records -> {
          List<byte[]> heard = new ArrayList<>();
          for (byte[] record : records.records()) {
            if (!(SignedRecord.decode(record) instanceof Decoded.Valid(SignedRecord read)
                && read.author().equals(key.nodeId()))) {
              heard.add(record);
            }
          }
          return wire(node).records(records.id(), heard);
        })
        .or(() -> Optional.of(message));
  }
}
