package io.skein.reputation.score;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A handful of nodes with real keys, each of its own token unless told, all admitted at window 0.
final class Town implements Raters {
  private static final int LINE = 8;
  static final Hash MESH = hash(77);

  /// The founder, who is none of them.
  static final NodeId FOUNDER = new NodeId(0, 0);

  private final List<SigningKey> keys;
  private final Map<NodeId, Standing> standings = new TreeMap<>();
  final Map<NodeId, PublicKey> known = new HashMap<>();

  Town(int nodes) {
    Random random = new Random(nodes);
    keys = Stream.generate(() -> SigningKey.generate(random)).limit(nodes).toList();
    for (SigningKey key : keys) {
      known.put(key.nodeId(), key.publicKey());
      standings.put(key.nodeId(), by(key.publicKey()));
    }
  }

  /// So many by one invite of the founder's, of whom the last has let in so many more: every second
  /// by itself, the others each through the one before it.
  static Town byOneInvite(int members, int guests) {
    Town town = new Town(members + guests);
    for (int i = 0; i < members; i++) {
      town.stand(i, by(town.key(0)));
    }
    for (int i = members; i < members + guests; i++) {
      town.letIn((i - members) % 2 == 0 ? members - 1 : i - 1, i);
    }
    return town;
  }

  /// One performance record as [Reputation] takes it.
  record Word(FeedId feed, long seq, Hash hash, Body.Performance body) {
    boolean to(Reputation reputation) {
      return reputation.apply(feed, seq, hash, body);
    }
  }

  Reputation reputation() {
    return new Reputation(
        10_000, AcknowledgementCheck.signatures(MESH, id -> Optional.ofNullable(known.get(id))));
  }

  NodeId node(int index) {
    return keys.get(index).nodeId();
  }

  PublicKey key(int index) {
    return keys.get(index).publicKey();
  }

  PeerSubject peer(int index) {
    return new PeerSubject(node(index));
  }

  static EndpointSubject endpoint(String id) {
    return new EndpointSubject(id);
  }

  void stand(int index, Standing standing) {
    standings.put(node(index), standing);
  }

  /// Of a node that came by that invite of the founder's.
  static Standing by(PublicKey invite) {
    return new Standing(List.of(invite), List.of(FOUNDER), 0, false, false);
  }

  /// Of a node that came by that invite of another's. As the ledger tells it, eight at most.
  Standing by(int host, PublicKey invite) {
    Standing its = Objects.requireNonNull(standings.get(node(host)));
    return new Standing(
        Stream.concat(its.line().stream(), Stream.of(invite)).limit(LINE).toList(),
        Stream.concat(its.issuers().stream(), Stream.of(node(host))).limit(LINE).toList(),
        0,
        false,
        false);
  }

  /// By an invite of its own, as one does who lets in many.
  void letIn(int host, int guest) {
    stand(guest, by(host, key(guest)));
  }

  void expel(int index) {
    standings.remove(node(index));
  }

  byte[] acknowledgement(int peer, int rater, long window) {
    return ContactAcknowledgement.sign(keys.get(peer), MESH, node(rater), window);
  }

  static EndpointOutcome saw(String endpoint, int good, int bad) {
    return new EndpointOutcome(endpoint, good, bad, 0, 0);
  }

  /// An outcome with the acknowledgement that belongs to it.
  PeerOutcome forwarded(int rater, int peer, long window, int good, int bad) {
    return new PeerOutcome(
        node(peer), good, bad, bad == 0 ? new byte[0] : acknowledgement(peer, rater, window));
  }

  Word word(int author, long window, EndpointOutcome... endpoints) {
    return word(author, window, window + 1, List.of(endpoints), List.of());
  }

  Word word(
      int author, long window, long seq, List<EndpointOutcome> endpoints, List<PeerOutcome> peers) {
    Body.Performance body = new Body.Performance(window, endpoints, peers);
    long digest = author * 1_000_003L + window * 8_191L + seq;
    return new Word(new FeedId(node(author), 1L << 32), seq, hash(digest * 31 + 7), body);
  }

  static Hash hash(long number) {
    return Hash.of(ByteBuffer.allocate(Hash.BYTES).putLong(number).putLong(~number).array());
  }

  @Override
  public Optional<Standing> standing(NodeId node) {
    return Optional.ofNullable(standings.get(node));
  }

  @Override
  public Collection<NodeId> members() {
    return standings.keySet();
  }
}
