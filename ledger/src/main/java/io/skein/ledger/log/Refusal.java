package io.skein.ledger.log;

/// Why a record was refused for good, or until the world around it changes.
public enum Refusal {
  /// Not the encoding of a record.
  MALFORMED,
  /// A record of another mesh.
  OTHER_MESH,
  /// A feed must begin with genesis, join or epoch.
  WRONG_FIRST_RECORD,
  /// The join's invite key did not sign for the joiner, or the invite had expired.
  NOT_ADMITTED,
  /// The signature is not the author's.
  BAD_SIGNATURE,
  /// `prev` is not the hash of the record before.
  BROKEN_CHAIN,
  /// Its time is too far in the future.
  IMPLAUSIBLE_CLOCK,
  /// Its feed is frozen by a fork.
  FROZEN,
  /// A proof of a fork whose signatures are not its author's, or that is of another mesh.
  FALSE_PROOF,
  /// A cut whose hashes or records are not those that the feed's author signed.
  FALSE_CUT,
  /// A cut without all the records that stay: others than those that the checkpoint behind it
  /// commits to.
  INCOMPLETE_CUT;

  /// Whether no honest node keeps what is refused so: whoever sends it is to blame. What is refused
  /// for another reason may count later, or did where it comes from.
  public boolean blamesTheSender() {
    return switch (this) {
      case MALFORMED,
          OTHER_MESH,
          WRONG_FIRST_RECORD,
          BAD_SIGNATURE,
          FALSE_PROOF,
          FALSE_CUT,
          INCOMPLETE_CUT ->
          true;
      case NOT_ADMITTED, BROKEN_CHAIN, IMPLAUSIBLE_CLOCK, FROZEN -> false;
    };
  }
}
