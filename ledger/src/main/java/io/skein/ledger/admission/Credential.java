package io.skein.ledger.admission;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.MeshCertificate;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Decoded;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import io.skein.ledger.record.RotationProof;
import io.skein.ledger.record.SignedRecord;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a node claims of itself when it connects. That it holds `key` is proved by TLS, not by
/// this.
///
/// @param key the node's key
/// @param meshId the mesh it means
/// @param admission how it was or wants to be admitted; empty for the founder and for successors
/// @param nodeName its name for people
/// @param succession the rotate records by which it came to its identity, oldest first, the last of
///   them naming `key`; at most [#MAX_SUCCESSION], older ones left out; empty for whoever has its
///   first key still
public record Credential(
    PublicKey key,
    Hash meshId,
    Optional<InviteProof> admission,
    String nodeName,
    List<SignedRecord> succession) {
  /// Most rotations in one claim: a peer that missed more cannot judge it by the claim alone.
  public static final int MAX_SUCCESSION = 4;

  private static final CborLimits LIMITS =
      new CborLimits(MeshCertificate.MAX_CREDENTIAL_BYTES, 2, 7 + MAX_SUCCESSION);
  private static final int VERSION = 2;
  private static final byte[] NONE = {};

  /// @throws IllegalArgumentException if the name is blank or longer than [Body#MAX_TEXT] bytes, or
  ///   the succession too long
  public Credential {
    if (nodeName.isBlank() || CborWriter.utf8(nodeName).length > Body.MAX_TEXT) {
      throw new IllegalArgumentException("nodeName: blank or too long (expected: 1 to 512 bytes)");
    }
    if (succession.size() > MAX_SUCCESSION) {
      throw new IllegalArgumentException(
          "succession: " + succession.size() + " records (expected: at most 4)");
    }
    succession = List.copyOf(succession);
  }

  /// The claim of a mesh's founder, whom the genesis admits.
  public static Credential ofFounder(PublicKey key, Hash meshId, String nodeName) {
    return new Credential(key, meshId, Optional.empty(), nodeName, List.of());
  }

  /// The claim of a joiner.
  public static Credential ofJoiner(
      PublicKey key, Hash meshId, InviteProof admission, String nodeName) {
    return new Credential(key, meshId, Optional.of(admission), nodeName, List.of());
  }

  /// The claim of one who took over an identity.
  ///
  /// @param rotations the rotate records that lead to `key`, oldest first; only the last
  ///   [#MAX_SUCCESSION] are shown
  public static Credential ofSuccessor(
      PublicKey key, Hash meshId, List<SignedRecord> rotations, String nodeName) {
    int from = Math.max(0, rotations.size() - MAX_SUCCESSION);
    return new Credential(
        key, meshId, Optional.empty(), nodeName, rotations.subList(from, rotations.size()));
  }

  /// To whom a rotate record of this mesh hands an identity on; empty if it does not: another type,
  /// not signed by `author`, or not agreed to.
  static Optional<PublicKey> successor(SignedRecord record, Hash meshId, PublicKey author) {
    return record.body() instanceof Body.Rotate rotate
            && record.isOf(meshId)
            && record.verifies(author)
            && RotationProof.verifies(rotate.successor(), meshId, record.author(), rotate.proof())
        ? Optional.of(rotate.successor())
        : Optional.empty();
  }

  /// The claimed identity.
  public NodeId nodeId() {
    return key.nodeId();
  }

  /// Whether the proof, if there is one, is the named invite key's over this key.
  public boolean proves() {
    return admission
        .map(it -> JoinProof.verifies(it.inviteKey(), meshId, key, it.proof()))
        .orElse(false);
  }

  /// A certificate that carries this claim.
  ///
  /// @param signing the secret half of `key`
  /// @throws IllegalArgumentException if it is of another key
  public X509Certificate certificate(
      SigningKey signing, BigInteger serial, Instant notBefore, Instant notAfter) {
    if (!signing.publicKey().equals(key)) {
      throw new IllegalArgumentException("signing: another key than the credential's");
    }
    CborWriter claim =
        new CborWriter()
            .array(6)
            .integer(VERSION)
            .bytes(meshId.toBytes())
            .bytes(admission.map(it -> it.inviteKey().toBytes()).orElse(NONE))
            .bytes(admission.map(InviteProof::proof).orElse(NONE))
            .text(nodeName)
            .array(succession.size());
    succession.forEach(record -> claim.bytes(record.encoded()));
    return MeshCertificate.issue(signing, claim.toBytes(), serial, notBefore, notAfter);
  }

  /// Reads the claim of a certificate.
  ///
  /// @throws CertificateException if it is not a node's; the message says why
  public static Credential of(X509Certificate certificate) throws CertificateException {
    MeshCertificate parsed = MeshCertificate.parse(certificate);
    try {
      CborReader in = new CborReader(parsed.credential(), LIMITS);
      in.arrayOf(6);
      in.integer(VERSION, VERSION);
      Hash meshId = Hash.of(in.bytesOf(Hash.BYTES));
      byte[] inviteKey = in.bytes(PublicKey.BYTES);
      byte[] proof = in.bytes(PublicKey.SIGNATURE_BYTES);
      String nodeName = in.text(Body.MAX_TEXT);
      List<SignedRecord> succession = new ArrayList<>();
      for (int left = in.array(MAX_SUCCESSION); left > 0; left--) {
        succession.add(rotation(in.bytes(MeshCertificate.MAX_CREDENTIAL_BYTES)));
      }
      in.end();
      Optional<InviteProof> admission =
          inviteKey.length == 0 && proof.length == 0
              ? Optional.empty()
              : Optional.of(new InviteProof(PublicKey.of(inviteKey), proof));
      return new Credential(parsed.key(), meshId, admission, nodeName, succession);
    } catch (CborException | IllegalArgumentException e) {
      throw new CertificateException("certificate's credential: " + e.getMessage(), e);
    }
  }

  private static SignedRecord rotation(byte[] encoded) throws CertificateException {
    return switch (SignedRecord.decode(encoded)) {
      case Decoded.Valid(SignedRecord record) -> record;
      case Decoded.Malformed(String reason) ->
          throw new CertificateException("certificate's credential: rotation: " + reason);
    };
  }
}
