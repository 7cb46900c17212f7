package io.skein.ledger.admission;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import io.skein.ledger.cbor.CborWriter;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// What a joiner is handed: the secret half of an invite key, and which mesh it opens. Its text
/// form is `skein1.` and base64url of a CBOR array with four bytes of its SHA-256 behind it, so
/// that a token cut short or mistyped is told from a wrong one. An immutable value; any thread.
///
/// Whoever holds a token can join while the invite lasts: [#text] is for handing over only, and
/// [#toString] keeps the secret back.
///
/// @param meshId the mesh
/// @param inviteSeed seed of the invite key, 32 bytes
/// @param issuer who issued the invite
/// @param expiresAtMillis Unix milliseconds after which the invite admits nobody, 0 or more
/// @param meshName the mesh's name for people
public record JoinToken(
    Hash meshId, byte[] inviteSeed, NodeId issuer, long expiresAtMillis, String meshName) {
  private static final String PREFIX = "skein1.";
  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_CHARACTERS = 2_048;
  private static final CborLimits LIMITS = new CborLimits(1_024, 1, 7);

  /// @throws IllegalArgumentException for what the descriptions above do not allow
  public JoinToken {
    if (inviteSeed.length != SigningKey.SEED_BYTES) {
      throw new IllegalArgumentException(
          "inviteSeed: " + inviteSeed.length + " bytes (expected: 32)");
    }
    if (expiresAtMillis < 0) {
      throw new IllegalArgumentException(
          "expiresAtMillis: " + expiresAtMillis + " (expected: >= 0)");
    }
    if (CborWriter.utf8(meshName).length > Body.MAX_TEXT) {
      throw new IllegalArgumentException("meshName: too long (expected: at most 512 bytes)");
    }
    inviteSeed = inviteSeed.clone();
  }

  /// What [#parse] made of a text.
  public sealed interface Parsed {
    /// A token. Whether its invite still holds, only the mesh knows.
    record Token(JoinToken token) implements Parsed {}

    /// Not a token.
    ///
    /// @param reason why, for people; never quotes the text
    record NotAToken(String reason) implements Parsed {}
  }

  /// A copy of the seed.
  @Override
  public byte[] inviteSeed() {
    return inviteSeed.clone();
  }

  /// The invite's key pair.
  public SigningKey inviteKey() {
    return SigningKey.ofSeed(inviteSeed);
  }

  /// The claim with which the holder of `joiner` joins.
  public Credential credential(PublicKey joiner, String nodeName) {
    return Credential.ofJoiner(
        joiner, meshId, InviteProof.sign(inviteKey(), meshId, joiner), nodeName);
  }

  /// The text form.
  public String text() {
    byte[] content =
        new CborWriter()
            .array(6)
            .integer(1)
            .bytes(meshId.toBytes())
            .bytes(inviteSeed)
            .bytes(issuer.toBytes())
            .integer(expiresAtMillis)
            .text(meshName)
            .toBytes();
    byte[] all = Arrays.copyOf(content, content.length + CHECKSUM_BYTES);
    System.arraycopy(checksum(content), 0, all, content.length, CHECKSUM_BYTES);
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /// Parses a text form, with or without white space around it.
  public static Parsed parse(String text) {
    String stripped = text.strip();
    if (stripped.isEmpty()) {
      return new Parsed.NotAToken("token is empty");
    }
    if (!stripped.startsWith(PREFIX)) {
      return new Parsed.NotAToken(
          "token does not start with '" + PREFIX + "' (expected: what 'skein invite' prints)");
    }
    if (stripped.length() > MAX_CHARACTERS) {
      return new Parsed.NotAToken("token is too long");
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(stripped.substring(PREFIX.length()));
    } catch (IllegalArgumentException _) {
      return new Parsed.NotAToken("token has characters that do not belong in one; copy it again");
    }
    int length = Math.max(0, all.length - CHECKSUM_BYTES);
    byte[] content = Arrays.copyOf(all, length);
    if (!Arrays.equals(checksum(content), Arrays.copyOfRange(all, length, all.length))) {
      return new Parsed.NotAToken("token is incomplete or mistyped; copy it again");
    }
    try {
      JoinToken token = read(content);
      // The last character of base64 has bits that mean nothing; a token has one text all the same.
      return token.text().equals(stripped)
          ? new Parsed.Token(token)
          : new Parsed.NotAToken("token is incomplete or mistyped; copy it again");
    } catch (CborException | IllegalArgumentException _) {
      return new Parsed.NotAToken("token is of a version this program does not know");
    }
  }

  private static JoinToken read(byte[] content) throws CborException {
    CborReader in = new CborReader(content, LIMITS);
    in.arrayOf(6);
    in.integer(1, 1);
    JoinToken token =
        new JoinToken(
            Hash.of(in.bytesOf(Hash.BYTES)),
            in.bytesOf(SigningKey.SEED_BYTES),
            NodeId.fromBytes(in.bytesOf(NodeId.BYTES), 0),
            in.integer(),
            in.text(Body.MAX_TEXT));
    in.end();
    return token;
  }

  private static byte[] checksum(byte[] content) {
    try {
      return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(content), CHECKSUM_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof JoinToken that
        && meshId.equals(that.meshId)
        && MessageDigest.isEqual(inviteSeed, that.inviteSeed)
        && issuer.equals(that.issuer)
        && expiresAtMillis == that.expiresAtMillis
        && meshName.equals(that.meshName);
  }

  @Override
  public int hashCode() {
    return meshId.hashCode() * 31 + Long.hashCode(expiresAtMillis);
  }

  /// Names the mesh and the issuer, not the secret.
  @Override
  public String toString() {
    return "JoinToken[mesh " + meshId + ", issuer " + issuer + "]";
  }
}
