package io.skein.reputation.oracle;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.PeerOutcome;
import io.skein.reputation.evidence.AcknowledgementCheck;
import io.skein.reputation.score.Raters;
import io.skein.reputation.score.Standing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Members and performance records drawn from a seed: few or many raters, of few or many tokens,
/// all the founder's or each other's or in chains longer than is told, young, forked and revoked
/// ones and strangers; hosts whose place another holds; authors that lag, lead, repeat and
/// contradict themselves; counts from nothing to far above the cap; blame with and without a valid
/// word.
final class RandomLedger implements Raters {
  private static final List<PublicKey> TOKENS = tokens();
  private static final int VALID = 1;
  private static final int LONGEST = 8;
  private static final NodeId FOUNDER = new NodeId(0, -1);

  final Map<NodeId, Standing> standings = new TreeMap<>();
  final List<Entry> entries = new ArrayList<>();

  /// A performance record.
  record Entry(FeedId feed, long seq, Hash hash, Body.Performance body) {}

  RandomLedger(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long now = random.nextInt(10) == 0 ? random.nextInt(10) : 1_000;
    int nodes = 1 + random.nextInt(random.nextInt(4) == 0 ? 16 : 8);
    List<NodeId> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      all.add(new NodeId(random.nextLong(), i));
    }
    ways(random, all)
        .forEach((id, way) -> {
          if (random.nextInt(20) > 0) {
            standings.put(id, standing(random, now, way));
          }
        });
    int windows = 1 + random.nextInt(random.nextInt(5) == 0 ? 80 : 10);
    int density = 1 + random.nextInt(4);
    for (NodeId author : all) {
      long seq = 1;
      for (int w = windows - 1; w >= 0; w--) {
        while (random.nextInt(4) < density) {
          long window = Math.max(0, now - w + shift(random));
          entries.add(entry(random, author, ++seq, window, all));
          if (random.nextInt(8) > 0) {
            break;
          }
        }
      }
    }
  }

  private static long shift(RandomGenerator random) {
    return switch (random.nextInt(40)) {
      case 0 -> 1;
      case 1 -> 2;
      case 2 -> 3;
      case 3 -> 64;
      case 4 -> random.nextInt(1_000);
      case 5 -> -random.nextInt(100);
      default -> 0;
    };
  }

  /// How a node came in.
  private record Way(List<PublicKey> line, List<NodeId> issuers) {
    Way by(PublicKey invite, NodeId issuer) {
      return new Way(
          Stream.concat(line.stream(), Stream.of(invite)).limit(LONGEST).toList(),
          Stream.concat(issuers.stream(), Stream.of(issuer)).limit(LONGEST).toList());
    }
  }

  /// How each came: as the founder did, or by an invite of the founder's or of one that came before
  /// it, which others may have come by as well.
  private static Map<NodeId, Way> ways(RandomGenerator random, List<NodeId> nodes) {
    int tokens = random.nextInt(random.nextInt(5) == 0 ? TOKENS.size() : 8);
    int chance = random.nextInt(4);
    boolean chain = random.nextInt(5) == 0;
    List<Way> open = new ArrayList<>(List.of(new Way(List.of(), List.of())));
    Map<NodeId, Way> ways = new LinkedHashMap<>();
    for (NodeId node : nodes) {
      while (open.size() <= tokens && random.nextInt(3) > 0) {
        PublicKey invite = TOKENS.get(open.size());
        if (ways.isEmpty() || random.nextInt(3) >= chance) {
          open.add(open.getFirst().by(invite, FOUNDER));
        } else {
          int host = chain ? ways.size() - 1 : random.nextInt(ways.size());
          NodeId holder = nodes.get(random.nextInt(20) == 0 ? 0 : host);
          open.add(ways.getOrDefault(nodes.get(host), open.getFirst()).by(invite, holder));
        }
        if (chain) {
          break;
        }
      }
      ways.put(node, chain ? open.getLast() : open.get(random.nextInt(open.size())));
    }
    return ways;
  }

  private static Standing standing(RandomGenerator random, long now, Way way) {
    return new Standing(
        way.line(),
        way.issuers(),
        random.nextInt(6) == 0 ? now - random.nextInt(12) : 0,
        random.nextInt(25) == 0,
        random.nextInt(25) == 0);
  }

  private static Entry entry(
      RandomGenerator random, NodeId author, long seq, long window, List<NodeId> all) {
    List<EndpointOutcome> endpoints = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      if (random.nextInt(3) > 0) {
        endpoints.add(
            new EndpointOutcome("s/" + random.nextInt(4), count(random), count(random), 0, 0));
      }
    }
    List<PeerOutcome> peers = new ArrayList<>();
    for (NodeId peer : all) {
      if (random.nextInt(3) > 0) {
        byte[] word = new byte[random.nextInt(6) == 0 ? 0 : PublicKey.SIGNATURE_BYTES];
        if (word.length > 0) {
          word[0] = (byte) random.nextInt(5);
        }
        peers.add(new PeerOutcome(peer, count(random), count(random), word));
      }
    }
    long epoch = (1L + random.nextInt(8) / 7) << 32;
    byte[] hash = ByteBuffer.allocate(Hash.BYTES).putLong(random.nextLong()).putLong(seq).array();
    return new Entry(
        new FeedId(author, epoch),
        random.nextInt(10) == 0 ? Math.max(2, seq - 1) : seq,
        Hash.of(hash),
        new Body.Performance(window, endpoints, peers));
  }

  private static int count(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> 0;
      case 2, 3 -> random.nextInt(4);
      case 4, 5 -> random.nextInt(100);
      case 6 -> random.nextInt(3_000);
      default -> random.nextInt(10) == 0 ? Integer.MAX_VALUE - random.nextInt(3) : 1_000;
    };
  }

  /// Which words are valid is written into them.
  static AcknowledgementCheck check() {
    return (_, _, _, word) ->
        valid(word) ? AcknowledgementCheck.Answer.VALID : AcknowledgementCheck.Answer.INVALID;
  }

  static boolean valid(byte[] word) {
    return word.length > 0 && word[0] >= VALID;
  }

  @Override
  public Optional<Standing> standing(NodeId node) {
    return Optional.ofNullable(standings.get(node));
  }

  @Override
  public Collection<NodeId> members() {
    return standings.keySet();
  }

  private static List<PublicKey> tokens() {
    SplittableRandom random = new SplittableRandom(99);
    return Stream.generate(() -> SigningKey.generate(random).publicKey()).limit(16).toList();
  }
}
