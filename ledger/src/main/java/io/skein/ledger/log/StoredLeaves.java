package io.skein.ledger.log;

import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordOutline;
import io.skein.ledger.record.SignedRecord;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a store derives from a feed's durable records while it reads or writes them: the tree's
/// hashes, their file, and a running digest of the signatures, which the tree leaves out.
final class StoredLeaves {
  private final LeafFile file;
  private final FeedHashes tree;
  private boolean signaturesKnown = true;
  private final MessageDigest signatures;

  StoredLeaves(LeafFile file) {
    this(file, new FeedHashes(file));
  }

  /// Of a feed that is cut: its leaves are in the file already, the digest begins behind the cut.
  StoredLeaves(LeafFile file, FeedHashes tree) {
    this.file = file;
    this.tree = tree;
    try {
      this.signatures = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(SignedRecord record) {
    signatures.update(record.signature());
    add(record.hash().toBytes());
  }

  void add(RecordOutline record) {
    record.digestSignature(signatures);
    add(record.hash());
  }

  private void add(byte[] hash) {
    file.add(hash);
    tree.add(hash);
  }

  /// The feed was cut: the digest of what is left begins anew when the store is opened next.
  void forgetSignatures() {
    signaturesKnown = false;
  }

  /// Forgets all but the first `records`; the digest as well.
  void cut(long records) {
    tree.cut(records);
    file.cut(records);
    forgetSignatures();
  }

  /// Whether [#signatures] is over the records behind the feed's cut.
  boolean signaturesKnown() {
    return signaturesKnown;
  }

  FeedHashes tree() {
    return tree;
  }

  LeafFile file() {
    return file;
  }

  void write() throws IOException {
    file.write();
  }

  /// SHA-256 over all signatures in order, of a feed that is cut over those behind the cut.
  Hash signatures() {
    try {
      return Hash.of(((MessageDigest) signatures.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
    }
  }
}
