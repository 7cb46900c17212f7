package io.skein.app.mesh;

import io.skein.ledger.admission.Revocation;
import io.skein.ledger.admission.RosterSnapshot;
import io.skein.ledger.clock.HybridClock;
import io.skein.ledger.key.NodeId;
import java.time.Instant;

/// How people are told of a revocation.
public final class RevokedWords {
  private RevokedWords() {}

  /// `ID was revoked by NAME (ID) at TIME: REASON`.
  public static String of(RosterSnapshot roster, NodeId id, Revocation revocation) {
    String took =
        revocation.subject().equals(id)
            ? " was revoked"
            : " took over " + revocation.subject() + ", which was revoked";
    String by = roster.member(revocation.by()).map(member -> member.name() + " ").orElse("");
    String reason = revocation.reason().isBlank() ? "" : ": " + printable(revocation.reason());
    return id
        + took
        + " by "
        + by
        + "("
        + revocation.by()
        + ") at "
        + Instant.ofEpochMilli(HybridClock.millis(revocation.hlc()))
        + reason;
  }

  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
