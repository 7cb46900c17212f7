package io.skein.api;

import io.skein.api.view.ConsistencyView;
import io.skein.api.view.ProofView;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Proofs from the ledger, and feeds in the form of C2SP tlog-tiles. Any thread; no method blocks.
/// Authors are nodes' ids in text form, epochs unsigned.
public interface LedgerProofs {
  /// What is to be had about a record.
  sealed interface Inclusion {
    /// Its proof.
    record Proven(ProofView proof) implements Inclusion {}

    /// It is held, and no checkpoint covers it yet.
    record Uncovered() implements Inclusion {}

    /// It is not held.
    record Unknown() implements Inclusion {}
  }

  /// The proof that a record is in its feed.
  ///
  /// @param hash 64 hexadecimal digits
  CompletionStage<Inclusion> inclusion(String hash);

  /// The proof that a feed only grew; empty if it is not held or not that long.
  ///
  /// @param from 1 or more
  /// @param to not below `from`
  CompletionStage<Optional<ConsistencyView>> consistency(
      String author, long epoch, long from, long to);

  /// A feed's newest checkpoint with all signatures; empty if there is none.
  CompletionStage<Optional<byte[]>> checkpoint(String author, long epoch);

  /// A tile of a feed's tree; empty if it is not (yet) complete.
  ///
  /// @param level 0 to 63
  /// @param path `<N>[.p/<W>]`
  CompletionStage<Optional<byte[]>> tile(String author, long epoch, int level, String path);

  /// A bundle of a feed's entries, each after its length in two bytes; empty if it is not (yet)
  /// complete.
  ///
  /// @param path `<N>[.p/<W>]`
  CompletionStage<Optional<byte[]>> entries(String author, long epoch, String path);
}
