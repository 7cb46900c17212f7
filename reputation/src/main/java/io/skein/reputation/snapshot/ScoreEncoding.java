package io.skein.reputation.snapshot;

import io.skein.ledger.record.Hash;
import io.skein.reputation.evidence.EndpointSubject;
import io.skein.reputation.evidence.PeerSubject;
import io.skein.reputation.evidence.Subject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;
import java.util.SortedMap;

/// The one encoding of scores. Integers are big endian.
///
/// ```
/// 19  "skein reputation 4\n"
///  8  ledger window, two's complement; −1 if no record counts
///  4  number of subjects
/// then for each subject in order
///  1  kind: 1 endpoint, 2 peer
///  2  length n of the name                  endpoints only
///  n  the endpoint's id in UTF-8, or the peer's identity (n = 16)
///  4  score in Q30
///  1  basis: 0 rated, 1 limited, 2 neutral, 3 forked, 4 revoked
///  4  raters
///  1  windows
/// ```
///
/// The root begins with the number of the rules, in four bytes, in place of the hash's own first
/// four: roots by other rules differ without anybody being wrong, and are told apart by it.
final class ScoreEncoding {
  private static final byte[] CONTEXT = "skein reputation 4\n".getBytes(StandardCharsets.US_ASCII);
  private static final int RULES = 4;
  private static final int KIND_ENDPOINT = 1;
  private static final int KIND_PEER = 2;

  private ScoreEncoding() {}

  static byte[] bytes(OptionalLong ledgerWindow, SortedMap<Subject, Score> scores) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 + scores.size() * 48);
    out.writeBytes(CONTEXT);
    out.writeBytes(
        ByteBuffer.allocate(12).putLong(ledgerWindow.orElse(-1)).putInt(scores.size()).array());
    scores.forEach((subject, score) -> {
      writeSubject(out, subject);
      out.writeBytes(
          ByteBuffer.allocate(10)
              .putInt((int) score.q30())
              .put((byte) score.basis().code())
              .putInt(score.raters())
              .put((byte) score.windows())
              .array());
    });
    return out.toByteArray();
  }

  static Hash root(OptionalLong ledgerWindow, SortedMap<Subject, Score> scores) {
    try {
      byte[] root = MessageDigest.getInstance("SHA-256").digest(bytes(ledgerWindow, scores));
      ByteBuffer.wrap(root).putInt(RULES);
      return Hash.of(root);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void writeSubject(ByteArrayOutputStream out, Subject subject) {
    switch (subject) {
      case EndpointSubject endpoint -> {
        byte[] id = endpoint.id().getBytes(StandardCharsets.UTF_8);
        out.write(KIND_ENDPOINT);
        out.write(id.length >>> 8);
        out.write(id.length);
        out.writeBytes(id);
      }
      case PeerSubject peer -> {
        out.write(KIND_PEER);
        out.writeBytes(peer.node().toBytes());
      }
    }
  }
}
