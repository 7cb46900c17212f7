package io.skein.gossip.state;

import io.skein.gossip.transport.PeerId;
import java.util.List;

/// What two nodes say to each other.
sealed interface StateMessage {
  /// "This is how far I know each owner; tell me what I lack."
  record Digest(long nonce, List<Known> known) implements StateMessage {}

  /// Answers a digest: what the asker lacks, and what the answerer would like to have.
  record Answer(long nonce, List<Known> wanted, List<Delta> deltas, boolean more)
      implements StateMessage {}

  /// What was wanted, or is urgent.
  record Update(List<Delta> deltas, boolean more) implements StateMessage {}

  /// All values of `owner` in `incarnation` up to `counter` are held.
  record Known(PeerId owner, long incarnation, long counter) {}

  /// Every value of `owner` set after `after` and up to `upTo` that was not overwritten since.
  record Delta(PeerId owner, long incarnation, long after, long upTo, List<Item> items) {}

  /// One value.
  record Item(String key, long counter, byte[] value) {}
}
