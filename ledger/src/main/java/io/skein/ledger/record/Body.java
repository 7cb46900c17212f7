package io.skein.ledger.record;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import java.util.Arrays;
import java.util.List;

/// What a record says. Every type has a code that never changes; types this version does not yet
/// interpret are carried as [Reserved], so that a newer node's records replicate through an older
/// one.
///
/// All texts are at most [#MAX_TEXT] UTF-8 bytes; all lists are bounded by the record's size.
/// Constructors throw IllegalArgumentException for what the descriptions here do not allow. Bodies
/// are immutable values: arrays are copied in and out, and compared by content.
public sealed interface Body {
  /// Longest text in UTF-8 bytes.
  int MAX_TEXT = 512;

  /// The type's code in the record.
  int type();

  /// The type's name in the API: `genesis`, `invite`, …
  default String typeName() {
    return RecordType.nameOf(type());
  }

  /// First record of a mesh; its hash is the mesh id.
  ///
  /// @param meshName the mesh's name for people, not blank
  /// @param nonce 16 random bytes that make the mesh id unique
  /// @param windowMillis length of a performance window, 100 to 3,600,000
  /// @param publicKey the first node's key; its identity is the record's author
  /// @param nodeName the first node's name for people, not blank
  record Genesis(
      String meshName, byte[] nonce, long windowMillis, PublicKey publicKey, String nodeName)
      implements Body {
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
  record Invite(PublicKey inviteKey, int uses, long expiresAtMillis) implements Body {
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
      implements Body {
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
  record Revoke(NodeId subject, String reason) implements Body {
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
  record Epoch(PublicKey publicKey, long previousEpoch) implements Body {
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

  /// Requests to one endpoint in one window. Counts and latencies are 0 or more.
  ///
  /// @param endpoint the endpoint's id in the catalogue, not blank
  /// @param good answered well and in time
  /// @param bad failed, or slower than the service allows
  /// @param p50Micros median latency
  /// @param p99Micros 99th percentile of latency
  record EndpointOutcome(String endpoint, int good, int bad, long p50Micros, long p99Micros) {
    public EndpointOutcome {
      Checks.named("endpoint", endpoint);
      Checks.notNegative("good", good);
      Checks.notNegative("bad", bad);
      Checks.notNegative("p50Micros", p50Micros);
      Checks.notNegative("p99Micros", p99Micros);
    }
  }

  /// Requests forwarded to one peer in one window. Counts are 0 or more.
  ///
  /// @param peer to whom
  /// @param good answered
  /// @param bad refused, reset or timed out
  /// @param acknowledgement the peer's [ContactAcknowledgement] for this author and window, 64
  ///   bytes; empty if it gave none, and then `bad` counts for nothing
  record PeerOutcome(NodeId peer, int good, int bad, byte[] acknowledgement) {
    public PeerOutcome {
      Checks.notNegative("good", good);
      Checks.notNegative("bad", bad);
      if (acknowledgement.length != 0) {
        Checks.length("acknowledgement", acknowledgement, PublicKey.SIGNATURE_BYTES);
      }
      acknowledgement = acknowledgement.clone();
    }

    @Override
    public byte[] acknowledgement() {
      return acknowledgement.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof PeerOutcome that
          && peer.equals(that.peer)
          && good == that.good
          && bad == that.bad
          && Arrays.equals(acknowledgement, that.acknowledgement);
    }

    @Override
    public int hashCode() {
      return (peer.hashCode() * 31 + good) * 31 + bad;
    }
  }

  /// A change of the service catalogue; the newest by hybrid clock, then by author, wins.
  record Service(ServiceChange change) implements Body {
    @Override
    public int type() {
      return RecordType.SERVICE;
    }
  }

  /// A repair that its author decided and carried out.
  ///
  /// @param action what was done, such as `set-aside`, `restore`, `shift`
  /// @param subject to what: an endpoint id or a node id in text form
  /// @param subjectKind `endpoint` or `node`
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
    public Heal {
      Checks.named("action", action);
      Checks.named("subject", subject);
      if (!subjectKind.equals("endpoint") && !subjectKind.equals("node")) {
        throw new IllegalArgumentException("subjectKind: unknown (expected: endpoint or node)");
      }
      Checks.named("diagnosis", diagnosis);
      Checks.text("evidence", evidence);
    }

    @Override
    public int type() {
      return RecordType.HEAL;
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
