package io.skein.api.view;

import java.util.List;

/// A record with everything that proves it: what `proof.json` holds. An offline verifier reads
/// `meshId`, `record`, `index`, `size`, `hashes`, `checkpoint` and `admission`; the rest is for
/// people and for tools that are given keys.
///
/// @param format `skein-record-proof-1`
/// @param meshId the mesh, 64 hexadecimal digits
/// @param author whose feed, a node's id
/// @param epoch the feed's epoch, unsigned decimal
/// @param seq the record's place in it, from 1
/// @param hash the record's hash, the leaf; hexadecimal
/// @param record the record as it is encoded, base64
/// @param index `seq` − 1
/// @param size leaves of the tree
/// @param hashes siblings from the leaf upwards, hexadecimal
/// @param checkpoint the signed note
/// @param authorKey the author's key as note tools take it: `name+id+base64`
/// @param witnessKeys the cosigners' keys in the same form
/// @param admission records that admitted author and cosigners, base64, the genesis first
public record ProofView(
    String format,
    String meshId,
    String author,
    String epoch,
    long seq,
    String hash,
    String record,
    long index,
    long size,
    List<String> hashes,
    String checkpoint,
    String authorKey,
    List<String> witnessKeys,
    List<String> admission) {
  /// The format's name.
  public static final String FORMAT = "skein-record-proof-1";

  public ProofView {
    hashes = List.copyOf(hashes);
    witnessKeys = List.copyOf(witnessKeys);
    admission = List.copyOf(admission);
  }
}
