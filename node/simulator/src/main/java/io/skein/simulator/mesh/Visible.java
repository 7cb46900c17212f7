package io.skein.simulator.mesh;

import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.ServiceChange;
import io.skein.ledger.record.SignedRecord;

/// A record as a history notes it.
///
/// @param feed its feed
/// @param seq its place there
/// @param hash its hash
/// @param write the client's write it carries; empty for records the nodes write of themselves
record Visible(FeedId feed, long seq, Hash hash, String write) {
  static Visible of(SignedRecord record) {
    String write =
        record.body() instanceof Body.Service(ServiceChange.PutEndpoint change)
            ? change.endpoint()
            : "";
    return new Visible(record.feed(), record.seq(), record.hash(), write);
  }

  @Override
  public String toString() {
    return feed.author().toString().substring(0, 6)
        + "/"
        + feed.epochCounter()
        + "#"
        + seq
        + (write.isEmpty() ? "" : " (" + write + ")");
  }
}
