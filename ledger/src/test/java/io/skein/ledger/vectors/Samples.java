package io.skein.ledger.vectors;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.note.TreeHead;
import io.skein.ledger.receipt.MethodClass;
import io.skein.ledger.receipt.Receipt;
import io.skein.ledger.receipt.ReceiptId;
import io.skein.ledger.receipt.ReceiptProof;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.ContactAcknowledgement;
import io.skein.ledger.record.ContractChange;
import io.skein.ledger.record.Cut;
import io.skein.ledger.record.EffectFigures;
import io.skein.ledger.record.EndpointOutcome;
import io.skein.ledger.record.ExperimentArm;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.PeerOutcome;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A small mesh from fixed seeds: a founder, a joiner, and one who forks. Every record type occurs.
public final class Samples {
  static final long EPOCH = 1L << 32 | 0x5eed_0001L;
  static final long START_MILLIS = 1_800_000_000_000L;
  static final long WINDOW_MILLIS = 10_000;

  final Map<String, SigningKey> keys = new LinkedHashMap<>();
  final Map<String, SignedRecord> records = new LinkedHashMap<>();
  final SigningKey founder = key("founder", 1);
  final SigningKey joiner = key("joiner", 2);
  final SigningKey invite = key("invite", 3);
  final SigningKey successor = key("successor", 4);
  final SigningKey forker = key("forker", 5);
  final Hash meshId;
  final FeedId feed = new FeedId(founder.nodeId(), EPOCH);
  private final List<SignedRecord> founderFeed = new ArrayList<>();

  public Samples() {
    byte[] nonce = new byte[Body.Genesis.NONCE_BYTES];
    for (int i = 0; i < nonce.length; i++) {
      nonce[i] = (byte) i;
    }
    SignedRecord genesis =
        SignedRecord.sign(
            founder,
            Hash.ZERO,
            EPOCH,
            1,
            Hash.ZERO,
            hlc(0),
            new Body.Genesis("example", nonce, WINDOW_MILLIS, founder.publicKey(), "alpha"));
    meshId = genesis.hash();
    records.put("genesis", genesis);
    founderFeed.add(genesis);
    identities();
    catalogue();
    others();
    add("rotate", new Body.Rotate(successor.publicKey(), rotation()));
    contracts();
    experiments();
    effects();
  }

  private void effects() {
    records.put(
        "effect",
        record(
            joiner,
            EPOCH,
            5,
            sample("experiment").hash(),
            new Body.Effect(
                sample("heal").hash(),
                "endpoint-dead",
                "set-aside",
                "worked",
                5,
                new EffectFigures(311, 98, 5_120),
                new EffectFigures(305, 0, 4_870))));
  }

  private void experiments() {
    records.put(
        "experiment",
        record(
            joiner,
            EPOCH,
            4,
            sample("contract-remove").hash(),
            new Body.Experiment(
                sample("join").hash(),
                "web",
                "try-prequal",
                "slower",
                94,
                3,
                new ExperimentArm(26_731, 2, 5_412),
                new ExperimentArm(2_961, 1, 8_037),
                395_403,
                121_077,
                5_502,
                -1_318,
                5_298)));
  }

  private void contracts() {
    SignedRecord join = sample("join");
    SignedRecord put =
        record(
            joiner,
            EPOCH,
            2,
            join.hash(),
            new Body.Contract(
                new ContractChange.PutContract(
                    "web-fast",
                    "{\"quarantine\":\"1m\",\"require\":\"p99_ms <= 200\",\"service\":\"web\"}")));
    records.put("contract-put", put);
    records.put(
        "contract-remove",
        record(
            joiner,
            EPOCH,
            3,
            put.hash(),
            new Body.Contract(new ContractChange.RemoveContract("web-fast"))));
  }

  /// The records, by a name for each.
  public Map<String, SignedRecord> records() {
    return records;
  }

  /// The founder's records in order.
  public List<SignedRecord> founderFeed() {
    return List.copyOf(founderFeed);
  }

  /// The mesh's id.
  public Hash meshId() {
    return meshId;
  }

  /// The founder's key.
  public SigningKey founder() {
    return founder;
  }

  /// The key that takes over the founder's identity.
  public SigningKey successor() {
    return successor;
  }

  /// The joiner's key.
  public SigningKey joiner() {
    return joiner;
  }

  /// The key by whose invite the joiner joins.
  public SigningKey invite() {
    return invite;
  }

  private void identities() {
    add("invite", new Body.Invite(invite.publicKey(), 8, START_MILLIS + 86_400_000));
    SignedRecord join =
        record(
            joiner,
            EPOCH,
            1,
            Hash.ZERO,
            new Body.Join(
                joiner.publicKey(),
                invite.publicKey(),
                JoinProof.sign(invite, meshId, joiner.publicKey()),
                "bêta"));
    records.put("join", join);
    long next = 2L << 32 | 0xffff_fffeL;
    records.put(
        "epoch", record(joiner, next, 1, Hash.ZERO, new Body.Epoch(joiner.publicKey(), EPOCH)));
    add("revoke", new Body.Revoke(forker.nodeId(), "left the team"));
    long window = START_MILLIS / WINDOW_MILLIS;
    add("performance-empty", new Body.Performance(window, List.of(), List.of()));
    add(
        "performance",
        new Body.Performance(
            window,
            List.of(
                new EndpointOutcome("web/a", 23, 1, 1_500, 24_000),
                new EndpointOutcome("web/b", 0, 255, 256, 65_536)),
            List.of(
                new PeerOutcome(joiner.nodeId(), 7, 0, new byte[0]),
                new PeerOutcome(
                    forker.nodeId(),
                    0,
                    Integer.MAX_VALUE,
                    ContactAcknowledgement.sign(forker, meshId, founder.nodeId(), window)))));
  }

  private void catalogue() {
    add(
        "service-put",
        new Body.Service(
            new ServiceChange.PutService(
                "web",
                "http",
                "peak-ewma",
                List.of("www.example.org", "example.org"),
                "/",
                "/healthz",
                2_000,
                1_000,
                250,
                "{\"timeouts\":{\"first-byte\":\"5s\"}}")));
    add(
        "endpoint-put",
        new Body.Service(
            new ServiceChange.PutEndpoint(
                "web", "web/a", "http://127.0.0.1:9001", Optional.of(founder.nodeId()), "eu", 1)));
    add(
        "endpoint-put-regional",
        new Body.Service(
            new ServiceChange.PutEndpoint(
                "web", "web/b", "http://[::1]:65535", Optional.empty(), "", 1_000)));
    add(
        "endpoint-put-tls",
        new Body.Service(
            new ServiceChange.PutEndpoint(
                "web", "web/c", "https://c.example:8443", Optional.empty(), "eu", 2)));
    add(
        "route-put",
        new Body.Service(
            new ServiceChange.PutRoute(
                "shop", "{\"match\":{\"hosts\":[\"shop.example\"]},\"to\":\"w\u00eab\"}")));
    add("route-remove", new Body.Service(new ServiceChange.RemoveRoute("shop")));
    add("endpoint-remove", new Body.Service(new ServiceChange.RemoveEndpoint("web", "web/b")));
    add("service-remove", new Body.Service(new ServiceChange.RemoveService("web")));
    add(
        "heal",
        new Body.Heal("set-aside", "web/a", "endpoint", "dead", "5 of 5 failed", Hash.ZERO));
  }

  private void others() {
    List<Hash> leaves =
        receipts().stream().map(receipt -> ReceiptProof.hash(receipt.encode())).toList();
    add(
        "receipts",
        new Body.Receipts(START_MILLIS / WINDOW_MILLIS, leaves.size(), Tree.root(leaves)));
    add("shadow", new Body.Reserved(RecordType.SHADOW, new byte[] {(byte) 0x82, 0x01, 0x41, 0x02}));
    add("unknown-type", new Body.Reserved(65_535, new byte[] {(byte) 0xf5}));
    long size = founderFeed.size();
    TreeHead head = TreeHead.of(meshId, feed, size, Tree.root(hashes()));
    KeptRecords kept = KeptRecords.of(founderFeed);
    add(
        "checkpoint",
        new Body.Checkpoint(
            size,
            head.root(),
            hash(0x11),
            hash(0x22),
            kept.count(),
            kept.root(),
            head.sign(founder)));
    SignedRecord join = sample("join");
    TreeHead others = TreeHead.of(meshId, join.feed(), 1, join.hash());
    add("cosign", new Body.Cosign(List.of(others.cosign(founder, START_MILLIS / 1_000))));
    add("snapshot", new Body.Snapshot(List.of(new Cut(feed, size, head.root()))));
    Hash prev = hash(0x33);
    SignedRecord one = record(forker, 7, 2, prev, new Body.Revoke(joiner.nodeId(), ""));
    SignedRecord other = record(forker, 7, 2, prev, new Body.Revoke(founder.nodeId(), ""));
    records.put("forked-one", one);
    records.put("forked-other", other);
    add("fork-proof", ForkProof.of(forker.publicKey(), one, other));
  }

  /// Receipts of one window, in their order: answered, refused, forwarded, and with every number at
  /// its greatest.
  public List<Receipt> receipts() {
    long start = START_MILLIS * 1_000;
    String most = "ä".repeat(127) + "z";
    return List.of(
        new Receipt(
            new ReceiptId(0x0001020304050607L, 0x08090a0b0c0d0e0fL),
            start,
            "web",
            MethodClass.SAFE,
            "web/a",
            "",
            3_000,
            200,
            1_234,
            1,
            0,
            5_120),
        new Receipt(
            new ReceiptId(-1, -2),
            start + 9,
            "web",
            MethodClass.OTHER,
            "",
            "",
            3_020,
            503,
            7,
            0,
            24,
            0),
        new Receipt(
            new ReceiptId(1L << 63, 1),
            start + 10,
            "web",
            MethodClass.IDEMPOTENT,
            "web/b",
            joiner.nodeId().toString(),
            3_000,
            404,
            256,
            2,
            65_536,
            23),
        new Receipt(new ReceiptId(0, 0), 0, "", MethodClass.SAFE, "", "", 3_050, 0, 0, 0, 0, 0),
        new Receipt(
            new ReceiptId(Long.MIN_VALUE, Long.MAX_VALUE),
            Long.MAX_VALUE,
            most,
            MethodClass.OTHER,
            most,
            most,
            65_535,
            999,
            Long.MAX_VALUE,
            255,
            Long.MAX_VALUE,
            Long.MAX_VALUE));
  }

  /// The proof of the first receipt as `ReceiptFuzz` takes it.
  public byte[] receiptProof() {
    List<Hash> leaves =
        receipts().stream().map(receipt -> ReceiptProof.hash(receipt.encode())).toList();
    byte[] leaf = receipts().getFirst().encode();
    byte[] record = sample("receipts").encoded();
    List<Hash> path = Tree.inclusion(0, leaves);
    ByteBuffer proof = ByteBuffer.allocate(4_096);
    proof.put((byte) leaf.length).put(leaf).putLong(0).putLong(leaves.size());
    proof.put((byte) path.size());
    path.forEach(hash -> proof.put(hash.toBytes()));
    return Arrays.copyOf(proof.put(record).array(), proof.position());
  }

  private byte[] rotation() {
    return RotationProof.sign(successor, meshId, founder.nodeId());
  }

  /// The record of that name.
  public SignedRecord sample(String name) {
    return Optional.ofNullable(records.get(name)).orElseThrow();
  }

  private void add(String name, Body body) {
    SignedRecord last = founderFeed.getLast();
    SignedRecord record = record(founder, EPOCH, last.seq() + 1, last.hash(), body);
    founderFeed.add(record);
    records.put(name, record);
  }

  private SignedRecord record(SigningKey key, long epoch, long seq, Hash prev, Body body) {
    return SignedRecord.sign(key, meshId, epoch, seq, prev, hlc(seq), body);
  }

  private static long hlc(long seq) {
    return (START_MILLIS + seq) << 16 | seq;
  }

  List<Hash> hashes() {
    return founderFeed.stream().map(SignedRecord::hash).toList();
  }

  private SigningKey key(String name, int value) {
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    Arrays.fill(seed, (byte) value);
    SigningKey key = SigningKey.ofSeed(seed);
    keys.put(name, key);
    return key;
  }

  private static Hash hash(int value) {
    byte[] bytes = new byte[Hash.BYTES];
    Arrays.fill(bytes, (byte) value);
    return Hash.of(bytes);
  }

  /// Every class of bodies, in no particular order; free to be changed.
  static Set<Class<?>> bodies() {
    Set<Class<?>> bodies = new LinkedHashSet<>();
    Deque<Class<?>> open = new ArrayDeque<>(List.of(Body.class));
    while (!open.isEmpty()) {
      Class<?> next = open.remove();
      if (next.isRecord()) {
        bodies.add(next);
      } else {
        open.addAll(List.of(next.getPermittedSubclasses()));
      }
    }
    return bodies;
  }
}
