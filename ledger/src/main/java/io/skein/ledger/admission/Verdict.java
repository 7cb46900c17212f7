package io.skein.ledger.admission;

import io.skein.ledger.key.NodeId;
import io.skein.ledger.record.Hash;

/// Whether a node may connect.
public sealed interface Verdict {
  /// The ledger has admitted it.
  record Admitted(Member member) implements Verdict {}

  /// It may connect in order to be admitted: its invite or its rotation is good and its record is
  /// not in the ledger yet, or this node has no ledger yet by which to judge.
  record Pending(Credential credential) implements Verdict {}

  /// It may not connect.
  ///
  /// @param reason for programs
  /// @param sentence for people: what was refused, why, and what helps
  record Refused(Reason reason, String sentence) implements Verdict {}

  /// Why a node was refused.
  enum Reason {
    /// It belongs to another mesh.
    OTHER_MESH,
    /// It is not a member and names no invite that is in this ledger.
    UNKNOWN_INVITE,
    /// Its invite's time is over.
    INVITE_EXPIRED,
    /// Its invite has admitted as many as it may.
    INVITE_USED_UP,
    /// Its proof is not by the invite key it names, or its rotations are not by those they end.
    BAD_PROOF,
    /// It was revoked, or one it took over from was, or the issuer of its invite was.
    REVOKED,
    /// It was handed on to a new key, or claims what was handed on to another.
    ROTATED,
    /// Its certificate is not one that a node makes.
    NOT_A_NODE_CERTIFICATE
  }

  /// The verdict of a joiner that has no ledger yet: it knows from its token which mesh it means
  /// and takes any node's word that it is of that mesh. What it then downloads proves itself.
  static Verdict provisional(Hash meshId, Credential credential) {
    if (!credential.meshId().equals(meshId)) {
      return otherMesh(meshId, credential);
    }
    if (credential.admission().isPresent() && !credential.proves()) {
      return badProof(credential);
    }
    return new Pending(credential);
  }

  /// The refusal of a key whose identity was handed on.
  static Refused rotated(Credential credential, NodeId successor) {
    return new Refused(
        Reason.ROTATED,
        name(credential)
            + " was rotated to "
            + successor
            + "; this key is not accepted any more. Restart the node with its new key");
  }

  /// The refusal of a second successor.
  static Refused supplanted(Credential credential, NodeId old, NodeId successor) {
    return new Refused(
        Reason.ROTATED,
        name(credential)
            + " claims to have taken over "
            + old
            + ", which was rotated to "
            + successor
            + " before");
  }

  /// The refusal of rotations that do not lead to the key they are shown for.
  static Refused badSuccession(Credential credential) {
    return new Refused(
        Reason.BAD_PROOF,
        name(credential) + " shows rotations that are not signed by the identities they end");
  }

  /// The refusal of a node of another mesh.
  static Refused otherMesh(Hash meshId, Credential credential) {
    return new Refused(
        Reason.OTHER_MESH,
        name(credential)
            + " belongs to mesh "
            + brief(credential.meshId())
            + ", this is mesh "
            + brief(meshId));
  }

  /// The refusal of a proof that does not verify.
  static Refused badProof(Credential credential) {
    return new Refused(
        Reason.BAD_PROOF,
        name(credential)
            + " shows a proof that is not by the invite key it names; was its token copied"
            + " completely?");
  }

  /// How sentences name a node: the name it gives itself, made printable, and its identity.
  static String name(Credential credential) {
    String printable =
        credential
            .nodeName()
            .codePoints()
            .limit(64)
            .map(c -> Character.isLetterOrDigit(c) || "-_. ".indexOf(c) >= 0 ? c : '?')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    return "node '" + printable + "' (" + credential.nodeId() + ")";
  }

  private static String brief(Hash hash) {
    return hash.toString().substring(0, 16);
  }
}
