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
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.JoinProof;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/// What a node claims of itself when it connects. That it holds `key` is proved by TLS, not by
/// this.
///
/// @param key the node's key
/// @param meshId the mesh it means
/// @param admission how it was or wants to be admitted; empty for the founder
/// @param nodeName its name for people
public record Credential(
    PublicKey key, Hash meshId, Optional<InviteProof> admission, String nodeName) {
  private static final CborLimits LIMITS =
      new CborLimits(MeshCertificate.MAX_CREDENTIAL_BYTES, 1, 6);
  private static final byte[] NONE = {};

  /// @throws IllegalArgumentException if the name is blank or longer than [Body#MAX_TEXT] bytes
  public Credential {
    if (nodeName.isBlank() || CborWriter.utf8(nodeName).length > Body.MAX_TEXT) {
      throw new IllegalArgumentException("nodeName: blank or too long (expected: 1 to 512 bytes)");
    }
  }

  /// The claim of a mesh's founder, whom the genesis admits.
  public static Credential ofFounder(PublicKey key, Hash meshId, String nodeName) {
    return new Credential(key, meshId, Optional.empty(), nodeName);
  }

  /// The claim of a joiner.
  public static Credential ofJoiner(
      PublicKey key, Hash meshId, InviteProof admission, String nodeName) {
    return new Credential(key, meshId, Optional.of(admission), nodeName);
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
    byte[] claim =
        new CborWriter()
            .array(5)
            .integer(1)
            .bytes(meshId.toBytes())
            .bytes(admission.map(it -> it.inviteKey().toBytes()).orElse(NONE))
            .bytes(admission.map(InviteProof::proof).orElse(NONE))
            .text(nodeName)
            .toBytes();
    return MeshCertificate.issue(signing, claim, serial, notBefore, notAfter);
  }

  /// Reads the claim of a certificate.
  ///
  /// @throws CertificateException if it is not a node's; the message says why
  public static Credential of(X509Certificate certificate) throws CertificateException {
    MeshCertificate parsed = MeshCertificate.parse(certificate);
    try {
      CborReader in = new CborReader(parsed.credential(), LIMITS);
      in.arrayOf(5);
      in.integer(1, 1);
      Hash meshId = Hash.of(in.bytesOf(Hash.BYTES));
      byte[] inviteKey = in.bytes(PublicKey.BYTES);
      byte[] proof = in.bytes(PublicKey.SIGNATURE_BYTES);
      String nodeName = in.text(Body.MAX_TEXT);
      in.end();
      Optional<InviteProof> admission =
          inviteKey.length == 0 && proof.length == 0
              ? Optional.empty()
              : Optional.of(new InviteProof(PublicKey.of(inviteKey), proof));
      return new Credential(parsed.key(), meshId, admission, nodeName);
    } catch (CborException | IllegalArgumentException e) {
      throw new CertificateException("certificate's credential: " + e.getMessage(), e);
    }
  }
}
