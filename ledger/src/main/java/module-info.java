/// Signed append-only feeds: keys, records and admission.
@SuppressWarnings("module") // org.jspecify is needed to compile only
module io.skein.ledger {
  requires org.bouncycastle.provider;
  requires org.bouncycastle.pkix;
  requires static com.amazon.corretto.crypto.provider; // used where it is there and loads
  requires static org.jspecify;

  exports io.skein.ledger.admission;
  exports io.skein.ledger.catalogue;
  exports io.skein.ledger.cbor;
  exports io.skein.ledger.clock;
  exports io.skein.ledger.disk;
  exports io.skein.ledger.key;
  exports io.skein.ledger.log;
  exports io.skein.ledger.note;
  exports io.skein.ledger.proof;
  exports io.skein.ledger.receipt;
  exports io.skein.ledger.record;
  exports io.skein.ledger.retention;
  exports io.skein.ledger.sim;
  exports io.skein.ledger.sync;
  exports io.skein.ledger.witness;
}
