package io.skein.ledger.receipt;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.cbor.CborLimits;
import io.skein.ledger.cbor.CborReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a node did with one request: a leaf of its window's tree. Encoded as one array of
/// deterministic CBOR (RFC 8949 §4.2.1), in the order of the components after the version 1.
///
/// @param id its name
/// @param startMicros when the request's head had arrived, Unix time in microseconds by the node's
///   clock; 0 or more
/// @param service the service asked for
/// @param method what its method promises
/// @param endpoint the endpoint that answered, or was tried last; what a peer named, if it was
///   forwarded; empty if there was none
/// @param peer the peer it was forwarded to, a node's id; empty if it was not
/// @param outcome how it ended: 3000 if an endpoint's answer was passed on, otherwise the number in
///   the code of the problem that the client was answered with, 3001 to 3999
/// @param status status that the client got; 0 if none
/// @param latencyMicros from the head to the last byte of the answer
/// @param tries how often it was sent to an endpoint or peer; 255 stands for more
/// @param bytesIn body bytes received
/// @param bytesOut body bytes sent
public record Receipt(
    ReceiptId id,
    long startMicros,
    String service,
    MethodClass method,
    String endpoint,
    String peer,
    int outcome,
    int status,
    long latencyMicros,
    int tries,
    long bytesIn,
    long bytesOut) {
  /// Longest encoding.
  public static final int MAX_BYTES = 1_024;

  /// Longest name, in UTF-8.
  static final int MAX_NAME_BYTES = 255;

  static final int VERSION = 1;
  static final int ITEMS = 13;
  static final int MAX_OUTCOME = 65_535;
  static final int MAX_STATUS = 999;
  static final int MAX_TRIES = 255;

  private static final CborLimits LIMITS = new CborLimits(MAX_BYTES, 1, ITEMS + 1);
  private static final MethodClass[] METHODS = MethodClass.values();

  public Receipt {
    range("startMicros", startMicros, Long.MAX_VALUE);
    range("outcome", outcome, MAX_OUTCOME);
    range("status", status, MAX_STATUS);
    range("latencyMicros", latencyMicros, Long.MAX_VALUE);
    range("tries", tries, MAX_TRIES);
    range("bytesIn", bytesIn, Long.MAX_VALUE);
    range("bytesOut", bytesOut, Long.MAX_VALUE);
    name("service", service);
    name("endpoint", endpoint);
    name("peer", peer);
  }

  private static void range(String name, long value, long most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + most + ")");
    }
  }

  private static void name(String name, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      throw new IllegalArgumentException(name + ": too long (expected: at most 255 bytes)");
    }
  }

  /// The leaf.
  public byte[] encode() {
    return new Leaf()
        .write(
            id.high(),
            id.low(),
            startMicros,
            service,
            method.ordinal(),
            endpoint,
            peer,
            outcome,
            status,
            latencyMicros,
            tries,
            bytesIn,
            bytesOut)
        .toBytes();
  }

  /// Reads a leaf.
  ///
  /// @throws CborException if it is anything but what [#encode] makes
  public static Receipt decode(byte[] leaf) throws CborException {
    CborReader in = new CborReader(leaf, LIMITS);
    in.arrayOf(ITEMS);
    in.integer(VERSION, VERSION);
    ByteBuffer id = ByteBuffer.wrap(in.bytesOf(ReceiptId.BYTES));
    Receipt receipt =
        new Receipt(
            new ReceiptId(id.getLong(), id.getLong()),
            in.integer(0, Long.MAX_VALUE),
            in.text(MAX_NAME_BYTES),
            METHODS[(int) in.integer(0, METHODS.length - 1)],
            in.text(MAX_NAME_BYTES),
            in.text(MAX_NAME_BYTES),
            (int) in.integer(0, MAX_OUTCOME),
            (int) in.integer(0, MAX_STATUS),
            in.integer(0, Long.MAX_VALUE),
            (int) in.integer(0, MAX_TRIES),
            in.integer(0, Long.MAX_VALUE),
            in.integer(0, Long.MAX_VALUE));
    if (!in.atEnd() || !Arrays.equals(receipt.encode(), leaf)) {
      throw new CborException("a leaf (expected: in its one form)");
    }
    return receipt;
  }
}
