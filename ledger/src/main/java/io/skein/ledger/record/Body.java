package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a record says. Every type has a code that never changes; types this version does not yet
/// interpret are carried as [Reserved], so that a newer node's records replicate through an older
/// one.
///
/// All texts are at most [#MAX_TEXT] UTF-8 bytes; all lists are bounded by the record's size.
/// Constructors throw IllegalArgumentException for what the descriptions here do not allow. Bodies
/// are immutable values: arrays are copied in and out, and compared by content.
public sealed interface Body
    permits Body.Opening,
        Body.Membership,
        Body.Performance,
        Body.Service,
        Body.Contract,
        Body.Experiment,
        Body.Heal,
        Body.Effect,
        Body.Receipts,
        Body.Checkpoint,
        Body.Cosign,
        Body.Snapshot,
        Body.Reserved,
        ForkProof {
  /// Longest text in UTF-8 bytes.
  int MAX_TEXT = 512;

  /// The type's code in the record.
  int type();

  /// The type's name in the API: `genesis`, `invite`, …
  default String typeName() {
    return RecordType.nameOf(type());
  }

  /// What a feed may begin with: it carries the key that the whole feed is signed with.
  sealed interface Opening extends Body {
    /// The key; its identity is the record's author.
    PublicKey publicKey();
  }

  /// What bears on who belongs to the mesh: it founds it, admits, ends or hands on an identity.
  sealed interface Membership extends Body {}

  /// First record of a mesh; its hash is the mesh id.
  ///
  /// @param meshName the mesh's name for people, not blank
  /// @param nonce 16 random bytes that make the mesh id unique
  /// @param windowMillis length of a performance window, 100 to 3,600,000
  /// @param publicKey the first node's key; its identity is the record's author
  /// @param nodeName the first node's name for people, not blank
  record Genesis(
      String meshName, byte[] nonce, long windowMillis, PublicKey publicKey, String nodeName)
      implements Opening, Membership {
    /// Length of the nonce.
    public static final int NONCE_BYTES = 16;

    public Genesis {
      Checks.named("meshName", meshName);
      Checks.length("nonce", nonce, NONCE_BYTES);
      Checks.range("windowMillis", windowMillis, 100, 3_600_000);
      Checks.named("nodeName", nodeName);
      nonce = nonce.clone();
    }

    @Override
    public byte[] nonce() {
      return nonce.clone();
    }

    @Override
    public int type() {
      return RecordType.GENESIS;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Genesis that
          && meshName.equals(that.meshName)
          && Arrays.equals(nonce, that.nonce)
          && windowMillis == that.windowMillis
          && publicKey.equals(that.publicKey)
          && nodeName.equals(that.nodeName);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(nonce);
    }
  }

  /// Lets holders of the invite key's secret half join.
  ///
  /// @param inviteKey public half of the invite key
  /// @param uses how many identities it admits, 1 to 1,000
  /// @param expiresAtMillis Unix milliseconds after which it admits nobody
  record Invite(PublicKey inviteKey, int uses, long expiresAtMillis) implements Membership {
    public Invite {
      Checks.range("uses", uses, 1, 1_000);
      Checks.notNegative("expiresAtMillis", expiresAtMillis);
    }

    @Override
    public int type() {
      return RecordType.INVITE;
    }
  }

  /// First record of a joiner's feed.
  ///
  /// @param publicKey the joiner's key; its identity is the record's author
  /// @param inviteKey the invite it joins by
  /// @param proof the invite key's signature, see [JoinProof]: 64 bytes
  /// @param nodeName the joiner's name for people, not blank
  record Join(PublicKey publicKey, PublicKey inviteKey, byte[] proof, String nodeName)
      implements Opening, Membership {
    public Join {
      Checks.length("proof", proof, PublicKey.SIGNATURE_BYTES);
      Checks.named("nodeName", nodeName);
      proof = proof.clone();
    }

    @Override
    public byte[] proof() {
      return proof.clone();
    }

    @Override
    public int type() {
      return RecordType.JOIN;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Join that
          && publicKey.equals(that.publicKey)
          && inviteKey.equals(that.inviteKey)
          && Arrays.equals(proof, that.proof)
          && nodeName.equals(that.nodeName);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(proof);
    }
  }

  /// Ends an identity: records its holder writes afterwards are kept and ignored.
  ///
  /// @param subject whose
  /// @param reason why, for people; may be empty
  record Revoke(NodeId subject, String reason) implements Membership {
    public Revoke {
      Checks.text("reason", reason);
    }

    @Override
    public int type() {
      return RecordType.REVOKE;
    }
  }

  /// First record of every further epoch of an admitted author.
  ///
  /// @param publicKey the author's key
  /// @param previousEpoch the epoch it held before, 0 if it does not know
  record Epoch(PublicKey publicKey, long previousEpoch) implements Opening {
    @Override
    public int type() {
      return RecordType.EPOCH;
    }
  }

  /// What one node saw in one window.
  ///
  /// @param window index of the window: hybrid-clock milliseconds divided by the mesh's window
  ///   length; 0 or more
  /// @param endpoints outcomes of requests by the endpoint that served them
  /// @param peers outcomes of requests forwarded, by the peer they were forwarded to
  record Performance(long window, List<EndpointOutcome> endpoints, List<PeerOutcome> peers)
      implements Body {
    public Performance {
      Checks.notNegative("window", window);
      endpoints = List.copyOf(endpoints);
      peers = List.copyOf(peers);
    }

    @Override
    public int type() {
      return RecordType.PERFORMANCE;
    }
  }

  /// A change of the service catalogue; the newest by hybrid clock, then by author, wins.
  record Service(ServiceChange change) implements Body {
    @Override
    public int type() {
      return RecordType.SERVICE;
    }
  }

  /// A change of the mesh's contracts; the newest by hybrid clock, then by author, wins.
  record Contract(ContractChange change) implements Body {
    @Override
    public int type() {
      return RecordType.CONTRACT;
    }
  }

  /// An experiment on a route has ended: none of its requests are treated any more, on any node.
  ///
  /// @param run what makes the experiment this one: SHA-256 over `"skein experiment 1\n"`, the
  ///   route's name, a line feed, and the canonical text of the experiment's section
  /// @param route the route's name
  /// @param name the experiment's
  /// @param verdict why it ended: `slower`, `failing`, `better`, `undecided`, `stopped`, `changed`,
  ///   or a word of a later version
  /// @param seconds how long it went on
  /// @param nodes whose answers were compared, 0 to 65,535
  /// @param control answers of requests that were as the route had them
  /// @param treatment answers of the others
  /// @param latencyMicros difference of the natural logarithms of latency, treatment − control, in
  ///   millionths, −100,000,000 to 100,000,000
  /// @param latencyWidthMicros half the width of the interval about it, in millionths; −1 if there
  ///   was nothing to compare
  /// @param harmMillis natural logarithm of the evidence for harm, in thousandths, ±1,000,000,000
  /// @param gainMillis the same for a gain
  /// @param enoughMillis what either had to reach
  record Experiment(
      Hash run,
      String route,
      String name,
      String verdict,
      long seconds,
      int nodes,
      ExperimentArm control,
      ExperimentArm treatment,
      long latencyMicros,
      long latencyWidthMicros,
      long harmMillis,
      long gainMillis,
      long enoughMillis)
      implements Body {
    private static final long MOST_LOG_MICROS = 100_000_000;
    private static final long MOST_EVIDENCE_MILLIS = 1_000_000_000;
    private static final int MOST_NODES = 65_535;

    public Experiment {
      Checks.label("route", route);
      Checks.label("name", name);
      Checks.label("verdict", verdict);
      Checks.notNegative("seconds", seconds);
      Checks.range("nodes", nodes, 0, MOST_NODES);
      Checks.range("latencyMicros", latencyMicros, -MOST_LOG_MICROS, MOST_LOG_MICROS);
      Checks.range("latencyWidthMicros", latencyWidthMicros, -1, MOST_LOG_MICROS);
      Checks.range("harmMillis", harmMillis, -MOST_EVIDENCE_MILLIS, MOST_EVIDENCE_MILLIS);
      Checks.range("gainMillis", gainMillis, -MOST_EVIDENCE_MILLIS, MOST_EVIDENCE_MILLIS);
      Checks.range("enoughMillis", enoughMillis, 0, MOST_EVIDENCE_MILLIS);
    }

    @Override
    public int type() {
      return RecordType.EXPERIMENT;
    }
  }

  /// A repair that its author decided and carried out.
  ///
  /// @param action what was done, such as `set-aside`, `restore`, `shift`
  /// @param subject to what: an endpoint id, a node id in text form, or a service's name
  /// @param subjectKind `endpoint`, `node` or `service`
  /// @param diagnosis what was found, such as `dead`, `failing`, `slow`, `silent`
  /// @param evidence the figures the diagnosis rests on, for people
  /// @param cause hash of the heal record that this one ends, or [Hash#ZERO]
  record Heal(
      String action,
      String subject,
      String subjectKind,
      String diagnosis,
      String evidence,
      Hash cause)
      implements Body {
    private static final Set<String> HEALED = Set.of("endpoint", "node", "service");

    public Heal {
      Checks.named("action", action);
      Checks.named("subject", subject);
      if (!HEALED.contains(subjectKind)) {
        throw new IllegalArgumentException(
            "subjectKind: unknown (expected: endpoint, node or service)");
      }
      Checks.named("diagnosis", diagnosis);
      Checks.text("evidence", evidence);
    }

    @Override
    public int type() {
      return RecordType.HEAL;
    }
  }

  /// What came of a repair, measured by who carried it out.
  ///
  /// @param repair hash of its heal record
  /// @param diagnosis what it was meant to mend, such as `endpoint-slow`
  /// @param action what was done, such as `set-aside`
  /// @param outcome `worked`, `unchanged`, `worse`, `unknown`, or a word of a later version
  /// @param seconds over which each side was measured, 0 to 86,400
  /// @param before requests before it
  /// @param after requests after it
  record Effect(
      Hash repair,
      String diagnosis,
      String action,
      String outcome,
      int seconds,
      EffectFigures before,
      EffectFigures after)
      implements Body {
    private static final int MOST_SECONDS = 86_400;

    public Effect {
      Checks.label("diagnosis", diagnosis);
      Checks.label("action", action);
      Checks.label("outcome", outcome);
      Checks.range("seconds", seconds, 0, MOST_SECONDS);
    }

    @Override
    public int type() {
      return RecordType.EFFECT;
    }
  }

  /// Hands an author's membership on to a new key: name, invite and age pass to the successor, and
  /// what the author writes afterwards is kept and ignored.
  ///
  /// @param successor the new key
  /// @param proof the new key's signature, see [RotationProof]: 64 bytes
  record Rotate(PublicKey successor, byte[] proof) implements Membership {
    public Rotate {
      Checks.length("proof", proof, PublicKey.SIGNATURE_BYTES);
      proof = proof.clone();
    }

    @Override
    public byte[] proof() {
      return proof.clone();
    }

    @Override
    public int type() {
      return RecordType.ROTATE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rotate that
          && successor.equals(that.successor)
          && Arrays.equals(proof, that.proof);
    }

    @Override
    public int hashCode() {
      return successor.hashCode();
    }
  }

  /// What a node did with the requests of one window: the tree over their receipts.
  ///
  /// @param window index of the window, as in [Performance]
  /// @param count leaves of the tree, 1 or more
  /// @param root the RFC 9162 root over the receipts, in the order in which their author took them
  record Receipts(long window, long count, Hash root) implements Body {
    public Receipts {
      Checks.notNegative("window", window);
      Checks.range("count", count, 1, Long.MAX_VALUE);
    }

    @Override
    public int type() {
      return RecordType.RECEIPTS;
    }
  }

  /// What its author states about its feed and about what it holds of all others.
  ///
  /// @param size how many records precede it in its feed: its own `seq` − 1, 1 or more
  /// @param root the RFC 9162 root over those records' hashes
  /// @param headsRoot the root of all heads the author held, its own at `size`
  /// @param repRoot the root of the reputations that follow from exactly those heads; begins with
  ///   the number of the rules
  /// @param keptCount how many of those records stay for ever, 1 to `size`
  /// @param keptRoot the root over these; see [KeptRecords]
  /// @param noteSignature the author's signature under the feed's checkpoint note of that size and
  ///   root, 64 bytes
  record Checkpoint(
      long size,
      Hash root,
      Hash headsRoot,
      Hash repRoot,
      long keptCount,
      Hash keptRoot,
      byte[] noteSignature)
      implements Body {
    public Checkpoint {
      Checks.range("size", size, 1, Long.MAX_VALUE - 1);
      Checks.range("keptCount", keptCount, 1, size);
      Checks.length("noteSignature", noteSignature, PublicKey.SIGNATURE_BYTES);
      noteSignature = noteSignature.clone();
    }

    @Override
    public byte[] noteSignature() {
      return noteSignature.clone();
    }

    /// Whether the records that stay among the `size` before it are these.
    public boolean commitsTo(KeptRecords kept) {
      return keptCount == kept.count() && keptRoot.equals(kept.root());
    }

    @Override
    public int type() {
      return RecordType.CHECKPOINT;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Checkpoint that
          && size == that.size
          && root.equals(that.root)
          && headsRoot.equals(that.headsRoot)
          && repRoot.equals(that.repRoot)
          && keptCount == that.keptCount
          && keptRoot.equals(that.keptRoot)
          && Arrays.equals(noteSignature, that.noteSignature);
    }

    @Override
    public int hashCode() {
      return root.hashCode();
    }
  }

  /// A witness's cosignatures under other authors' checkpoints.
  ///
  /// @param cosignatures 1 to [#MAX_COSIGNATURES]
  record Cosign(List<Cosignature> cosignatures) implements Body {
    /// Most cosignatures in one record.
    public static final int MAX_COSIGNATURES = 128;

    public Cosign {
      Checks.range("cosignatures", cosignatures.size(), 1, MAX_COSIGNATURES);
      cosignatures = List.copyOf(cosignatures);
    }

    @Override
    public int type() {
      return RecordType.COSIGN;
    }
  }

  /// Proposes up to where everybody may prune.
  ///
  /// @param cuts at most one per feed, in order of feeds, 1 to [#MAX_CUTS]
  record Snapshot(List<Cut> cuts) implements Body {
    /// Most cuts in one record.
    public static final int MAX_CUTS = 400;

    public Snapshot {
      Checks.range("cuts", cuts.size(), 1, MAX_CUTS);
      cuts = List.copyOf(cuts);
      for (int i = 1; i < cuts.size(); i++) {
        if (cuts.get(i - 1).feed().compareTo(cuts.get(i).feed()) >= 0) {
          throw new IllegalArgumentException("cuts: not in order of feeds, or two of one feed");
        }
      }
    }

    @Override
    public int type() {
      return RecordType.SNAPSHOT;
    }
  }

  /// A body whose type this version carries without interpreting it.
  ///
  /// @param type a code without a record above, 1 to 65,535
  /// @param content one deterministic-CBOR item
  record Reserved(int type, byte[] content) implements Body {
    public Reserved {
      Checks.range("type", type, 1, BodyCodec.MAX_TYPE);
      if (BodyCodec.interprets(type)) {
        throw new IllegalArgumentException(
            "type: " + type + " (expected: a type without a record of its own)");
      }
      BodyCodec.checkItem(content);
      content = content.clone();
    }

    @Override
    public byte[] content() {
      return content.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Reserved that
          && type == that.type
          && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
      return type * 31 + Arrays.hashCode(content);
    }
  }
}
