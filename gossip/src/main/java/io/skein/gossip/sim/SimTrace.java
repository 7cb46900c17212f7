package io.skein.gossip.sim;

import io.skein.gossip.transport.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A running hash over what happened.
final class SimTrace {
  private final MessageDigest digest = sha256();
  private final ByteBuffer numbers = ByteBuffer.allocate(2 * Long.BYTES);

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(long atNanos, String kind, PeerId... peers) {
    number(atNanos, kind.length());
    digest.update(kind.getBytes(StandardCharsets.US_ASCII));
    for (PeerId peer : peers) {
      number(peer.high(), peer.low());
    }
  }

  void addMessage(long atNanos, PeerId from, PeerId to, int channel, byte[] payload) {
    add(atNanos, "message", from, to);
    number(channel, payload.length);
    digest.update(payload);
  }

  private void number(long first, long second) {
    numbers.clear();
    digest.update(numbers.putLong(first).putLong(second).flip());
  }

  String hash() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
