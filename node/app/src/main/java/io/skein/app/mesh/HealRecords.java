package io.skein.app.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange.PutService;
import io.skein.ledger.record.SignedRecord;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the records of repairs. One that cannot be written is logged: the healer decides again.
final class HealRecords {
  private static final Logger LOG = LoggerFactory.getLogger(HealRecords.class);

  private final MeshCore core;

  HealRecords(MeshCore core) {
    this.core = core;
  }

  /// Writes a heal record.
  ///
  /// @param kind of the subject
  /// @param cause the record that this ends, or [Hash#ZERO]
  CompletableFuture<SignedRecord> heal(
      String action, String subject, String kind, String diagnosis, String evidence, Hash cause) {
    return append(
        new Body.Heal(action, subject, kind, diagnosis, evidence, cause),
        "repair '" + action + "' of " + subject);
  }

  /// Makes a service what it was.
  void putBack(PutService former) {
    var _ = append(new Body.Service(former), "service " + former.service() + " as it was");
  }

  /// Appends a record.
  ///
  /// @param what it is, for the log
  CompletableFuture<SignedRecord> append(Body body, String what) {
    CompletableFuture<SignedRecord> written = core.append(body);
    var _ =
        written.exceptionally(failure -> {
          LOG.warn("{} could not be written: {}", what, failure.toString());
          throw new IllegalStateException(failure);
        });
    return written;
  }
}
