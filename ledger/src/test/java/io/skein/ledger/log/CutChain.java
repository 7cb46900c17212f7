package io.skein.ledger.log;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.MemoryTree;
import io.skein.ledger.proof.TreeProofs;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.KeptRecords;
import io.skein.ledger.record.SignedRecord;
import java.util.ArrayList;
import java.util.List;

/// A feed whose every sixth record is a checkpoint, and every fourth one of a type that stays.
final class CutChain {
  private CutChain() {}

  static List<SignedRecord> of(SigningKey key, int count) {
    return of(key, count, 0);
  }

  /// @param misstating the checkpoint that conceals one of the records that stay; 0 if all are
  ///   right
  static List<SignedRecord> of(SigningKey key, int count, int misstating) {
    List<SignedRecord> records = new ArrayList<>();
    MemoryTree tree = new MemoryTree();
    Hash mesh = Hash.ZERO;
    Hash prev = Hash.ZERO;
    for (int seq = 1; seq <= count; seq++) {
      Body body;
      if (seq == 1) {
        body = new Body.Genesis("m", new byte[16], 2000, key.publicKey(), "a");
      } else if (seq % 6 == 0) {
        KeptRecords stated = KeptRecords.of(seq == misstating ? records.subList(0, 3) : records);
        body =
            new Body.Checkpoint(
                seq - 1,
                TreeProofs.root(tree, seq - 1),
                Hash.ZERO,
                Hash.ZERO,
                stated.count(),
                stated.root(),
                new byte[64]);
      } else if (seq % 4 == 0) {
        body = new Body.Invite(Feeds.key(seq).publicKey(), 1, 1_000_000);
      } else {
        body = new Body.Performance(seq, List.of(), List.of());
      }
      SignedRecord record =
          SignedRecord.sign(key, mesh, Feeds.EPOCH, seq, prev, (long) seq << 16, body);
      if (seq == 1) {
        mesh = record.hash();
      }
      prev = record.hash();
      tree.add(prev);
      records.add(record);
    }
    return records;
  }
}
