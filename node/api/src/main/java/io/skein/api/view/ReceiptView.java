package io.skein.api.view;

import java.time.Instant;
import java.util.List;

/// What this node did with one request, and its place in its window's tree. A verifier reads
/// `leaf`, `index`, `size` and `hashes`, and the root in the record `record`; the rest is for
/// people.
///
/// @param format `skein-receipt-1`
/// @param id its name
/// @param state `open`: its window has not ended; `closed`: the window's record is not durable yet;
///   `recorded`
/// @param start when the request's head had arrived, by this node's clock
/// @param service the service asked for
/// @param method `safe`, `idempotent` or `other`
/// @param endpoint who answered, or was tried last; empty text if nobody
/// @param peer the peer it was forwarded to, a node's id; empty text if it was not
/// @param outcome 3000 if an endpoint's answer was passed on, else the number of the problem
/// @param reason the outcome in a word: `ok`, `retry_ok`, `connect_failed`, …
/// @param status what the client got; 0 if nothing
/// @param latencyMicros from the head to the last byte of the answer
/// @param tries how often it was sent to an endpoint or peer
/// @param bytesIn body bytes received
/// @param bytesOut body bytes sent
/// @param leaf the encoded receipt, base64
/// @param leafHash its hash, hexadecimal
/// @param window the window it belongs to
/// @param index its place in the window's tree, from 0
/// @param size leaves of the tree; 0 while `open`
/// @param hashes siblings from the leaf upwards, hexadecimal; none while `open`
/// @param root the tree's root, hexadecimal; empty text while `open`
/// @param record hash of the record that states the root; empty text unless `recorded`
/// @param proof where that record's own proof is; empty text unless `recorded`
public record ReceiptView(
    String format,
    String id,
    String state,
    Instant start,
    String service,
    String method,
    String endpoint,
    String peer,
    int outcome,
    String reason,
    int status,
    long latencyMicros,
    int tries,
    long bytesIn,
    long bytesOut,
    String leaf,
    String leafHash,
    long window,
    long index,
    long size,
    List<String> hashes,
    String root,
    String record,
    String proof) {
  /// The format's name.
  public static final String FORMAT = "skein-receipt-1";

  public ReceiptView {
    hashes = List.copyOf(hashes);
  }
}
