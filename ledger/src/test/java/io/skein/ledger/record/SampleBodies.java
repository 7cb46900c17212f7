package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Bodies of every type, drawn from a seed.
final class SampleBodies {
  private final SplittableRandom random;
  private final SigningKey author;

  SampleBodies(SplittableRandom random, SigningKey author) {
    this.random = random;
    this.author = author;
  }

  List<Body> ofEveryType() {
    SigningKey invite = SigningKey.generate(random);
    Hash mesh = Hash.of(bytes(32));
    return List.of(
        new Body.Genesis(
            text(), bytes(16), random.nextLong(100, 3_600_001), author.publicKey(), text()),
        new Body.Invite(invite.publicKey(), random.nextInt(1, 1_001), notNegative()),
        new Body.Join(
            author.publicKey(),
            invite.publicKey(),
            JoinProof.sign(invite, mesh, author.publicKey()),
            text()),
        new Body.Revoke(node(), random.nextBoolean() ? "" : text()),
        new Body.Epoch(author.publicKey(), random.nextLong()),
        new Body.Performance(notNegative(), endpoints(), peers()),
        new Body.Service(
            new ServiceChange.PutService(
                "web-1",
                "http",
                "peak-ewma",
                List.of("a.example", text()),
                "/a",
                "",
                2_000,
                1_000,
                250)),
        new Body.Service(
            new ServiceChange.PutService(
                "web-1",
                "http",
                "skein",
                List.of(),
                "/",
                "/up",
                random.nextLong(500, 600_001),
                random.nextLong(50, 501),
                250,
                text().repeat(random.nextInt(9)))),
        new Body.Service(new ServiceChange.PutRoute("web-1", text().repeat(random.nextInt(9)))),
        new Body.Service(new ServiceChange.RemoveRoute("web-1")),
        new Body.Contract(
            new ContractChange.PutContract("web-1", text().repeat(random.nextInt(9)))),
        new Body.Contract(new ContractChange.RemoveContract("web-1")),
        new Body.Experiment(
            Hash.of(new byte[Hash.BYTES]),
            "web-1",
            "try-it",
            "slower",
            random.nextInt(1_000),
            random.nextInt(100),
            new ExperimentArm(random.nextInt(1_000), 0, random.nextInt() & 0xffffL),
            new ExperimentArm(9, random.nextInt(10), 1),
            random.nextInt(200_000_001) - 100_000_000,
            random.nextInt(100) - 1,
            random.nextInt(100) - 50,
            random.nextInt(100) - 50,
            random.nextInt(100)),
        new Body.Effect(
            Hash.of(bytes(32)),
            "endpoint-slow",
            "shift",
            "unchanged",
            random.nextInt(86_401),
            new EffectFigures(random.nextInt(1_000), 0, random.nextInt() & 0xffffL),
            new EffectFigures(9, random.nextInt(10), 0)),
        new Body.Service(new ServiceChange.RemoveService("web-1")),
        new Body.Service(
            new ServiceChange.PutEndpoint(
                "web-1",
                "web-1/a_B.9:80",
                "http://[::1]:65535",
                random.nextBoolean() ? Optional.empty() : Optional.of(node()),
                "eu",
                random.nextInt(1, 1_001),
                random.nextBoolean()
                    ? ServiceChange.PutEndpoint.USUAL_PRICE
                    : random.nextInt(10, 100_001))),
        new Body.Service(new ServiceChange.RemoveEndpoint("web-1", "web-1/a")),
        new Body.Heal("set-aside", "web-1/a", "endpoint", "dead", text(), Hash.of(bytes(32))),
        new Body.Rotate(
            invite.publicKey(), RotationProof.sign(invite, mesh, author.publicKey().nodeId())),
        new Body.Receipts(notNegative(), random.nextLong(1, Long.MAX_VALUE), Hash.of(bytes(32))),
        checkpoint(),
        new Body.Cosign(List.of(cosignature(), cosignature())),
        forkProof(invite, mesh),
        new Body.Snapshot(
            List.of(new Cut(new FeedId(node(), 7), notNegative() | 1, Hash.of(bytes(32))))),
        new Body.Reserved(RecordType.SHADOW, new byte[] {(byte) 0x82, 0x01, 0x41, 0x02}),
        new Body.Reserved(65_535, new byte[] {0x00}));
  }

  SignedRecord sign(Body body) {
    boolean genesis = body instanceof Body.Genesis;
    long seq = genesis || random.nextBoolean() ? 1 : random.nextLong(2, Long.MAX_VALUE);
    if (body instanceof Body.Checkpoint checkpoint) {
      seq = checkpoint.size() + 1;
    }
    return SignedRecord.sign(
        author,
        genesis ? Hash.ZERO : Hash.of(bytes(32)),
        random.nextLong(),
        seq,
        seq == 1 ? Hash.ZERO : Hash.of(bytes(32)),
        notNegative(),
        body);
  }

  private Cosignature cosignature() {
    return new Cosignature(
        new FeedId(node(), random.nextLong()),
        random.nextLong(1, Long.MAX_VALUE),
        Hash.of(bytes(32)),
        notNegative(),
        bytes(64));
  }

  private ForkProof forkProof(SigningKey cheat, Hash mesh) {
    Hash prev = Hash.of(bytes(32));
    return ForkProof.of(
        cheat.publicKey(),
        SignedRecord.sign(cheat, mesh, 9, 2, prev, 5, new Body.Revoke(node(), "")),
        SignedRecord.sign(cheat, mesh, 9, 2, prev, 6, new Body.Revoke(node(), "")));
  }

  private List<EndpointOutcome> endpoints() {
    List<EndpointOutcome> outcomes = new ArrayList<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      outcomes.add(
          new EndpointOutcome(
              text(), random.nextInt(1_000), random.nextInt(9), notNegative(), notNegative()));
    }
    return outcomes;
  }

  private List<PeerOutcome> peers() {
    List<PeerOutcome> outcomes = new ArrayList<>();
    for (int left = random.nextInt(4); left > 0; left--) {
      byte[] word = bytes(random.nextBoolean() ? 0 : PublicKey.SIGNATURE_BYTES);
      outcomes.add(new PeerOutcome(node(), random.nextInt(9), random.nextInt(9), word));
    }
    return outcomes;
  }

  private NodeId node() {
    return new NodeId(random.nextLong(), random.nextLong());
  }

  private String text() {
    return "näme-" + Long.toUnsignedString(random.nextLong(), 36);
  }

  private long notNegative() {
    return random.nextLong() >>> random.nextInt(1, 64);
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private Body.Checkpoint checkpoint() {
    long size = random.nextLong(1, Long.MAX_VALUE);
    return new Body.Checkpoint(
        size,
        Hash.of(bytes(32)),
        Hash.of(bytes(32)),
        Hash.of(bytes(32)),
        size == 1 ? 1 : random.nextLong(1, size),
        Hash.of(bytes(32)),
        bytes(64));
  }
}
