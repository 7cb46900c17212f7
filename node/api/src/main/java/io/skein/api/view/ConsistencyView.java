package io.skein.api.view;

import java.util.List;

/// That a feed's tree of one size begins with that of a smaller one (RFC 9162 §2.1.4).
///
/// @param author whose feed, a node's id
/// @param epoch its epoch, unsigned decimal
/// @param from the smaller size
/// @param to the larger one
/// @param fromRoot the smaller tree's root, hexadecimal
/// @param toRoot the larger tree's
/// @param hashes the proof, hexadecimal
public record ConsistencyView(
    String author,
    String epoch,
    long from,
    long to,
    String fromRoot,
    String toRoot,
    List<String> hashes) {
  public ConsistencyView {
    hashes = List.copyOf(hashes);
  }
}
