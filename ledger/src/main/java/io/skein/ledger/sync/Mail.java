package io.skein.ledger.sync;

import io.skein.ledger.key.NodeId;

/// Encodes messages and puts them where they are sent from.
final class Mail {
  private final SyncCodec codec;
  private final Outbox outbox;

  Mail(SyncCodec codec, Outbox outbox) {
    this.codec = codec;
    this.outbox = outbox;
  }

  /// @return the message's bytes
  int send(NodeId to, SyncMessage message) {
    byte[] bytes = codec.encode(message);
    outbox.send(to, bytes);
    return bytes.length;
  }
}
