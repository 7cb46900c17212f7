/// Scores of endpoints and peers as a pure integer function of ledger records.
@SuppressWarnings("module") // org.jspecify is needed to compile only
module io.skein.reputation {
  requires transitive io.skein.ledger;
  requires static org.jspecify;

  exports io.skein.reputation.contract;
  exports io.skein.reputation.evidence;
  exports io.skein.reputation.score;
  exports io.skein.reputation.snapshot;
}
