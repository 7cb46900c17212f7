package io.skein.ledger.sync;

import io.skein.ledger.cbor.CborException;
import io.skein.ledger.log.Head;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.ForkProof;
import io.skein.ledger.record.Hash;
import io.skein.ledger.record.RecordType;
import io.skein.ledger.record.SignedRecord;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One encoded message of each kind.
public final class SyncSamples {
  private SyncSamples() {}

  /// Messages of the mesh by name.
  public static Map<String, byte[]> of(Hash meshId, List<SignedRecord> feed) {
    SyncCodec codec = new SyncCodec(meshId);
    SignedRecord last = feed.getLast();
    Map<String, byte[]> messages = new LinkedHashMap<>();
    messages.put("digest", codec.encode(new SyncMessage.Digest(SyncCodec.tag(last.hash()))));
    messages.put("in-sync", codec.encode(new SyncMessage.InSync(SyncCodec.tag(last.hash()))));
    messages.put("ask", codec.encode(new SyncMessage.Ask(-1)));
    messages.put(
        "heads",
        codec.encode(
            new SyncMessage.Heads(
                -1,
                0,
                1,
                List.of(new SyncMessage.Entry(last.feed(), new Head(last.seq(), last.hash()))))));
    messages.put(
        "pull",
        codec.encode(new SyncMessage.Pull(300, List.of(new SyncMessage.Want(last.feed(), 2)))));
    messages.put(
        "records",
        codec.encode(
            new SyncMessage.Records(
                300, feed.subList(0, 2).stream().map(SignedRecord::encoded).toList())));
    messages.put(
        "heard",
        codec.encode(
            new SyncMessage.Heard(
                List.of(
                    new SyncMessage.Entry(last.feed(), new Head(last.seq(), last.hash())),
                    new SyncMessage.Entry(
                        new FeedId(last.author(), 7), new Head(0, Hash.ZERO), 1)))));
    for (SignedRecord record : feed) {
      if (record.body() instanceof ForkProof proof) {
        messages.put("evidence", codec.encode(new SyncMessage.Evidence(proof)));
      }
      if (record.body() instanceof Body.Checkpoint checkpoint) {
        int size = (int) checkpoint.size();
        messages.put("pruned", codec.encode(pruned(feed, 1, size)));
        messages.put("pruned-part", codec.encode(pruned(feed, 5, size)));
        messages.put(
            "pruned-begun",
            codec.encode(
                new SyncMessage.Pruned(
                    301, record.feed(), size, 1, hashes(feed, 1, 2), staying(feed, 1, 2))));
      }
    }
    messages.put("push", codec.encode(new SyncMessage.Records(0, List.of(last.encoded()))));
    return messages;
  }

  /// All that is left of a feed from `from` on that is cut before its checkpoint `size` + 1.
  private static SyncMessage.Pruned pruned(List<SignedRecord> feed, int from, int size) {
    List<byte[]> kept = new ArrayList<>(staying(feed, from, size));
    kept.add(feed.get(size).encoded());
    return new SyncMessage.Pruned(
        301, feed.getFirst().feed(), size, from, hashes(feed, from, size), kept);
  }

  private static byte[] hashes(List<SignedRecord> feed, int from, int to) {
    ByteArrayOutputStream hashes = new ByteArrayOutputStream();
    feed.subList(from - 1, to).forEach(record -> hashes.writeBytes(record.hash().toBytes()));
    return hashes.toByteArray();
  }

  private static List<byte[]> staying(List<SignedRecord> feed, int from, int to) {
    return feed.subList(from - 1, to).stream()
        .filter(record -> RecordType.stays(record.body().type()))
        .map(SignedRecord::encoded)
        .toList();
  }

  /// Why a message is refused; empty if it is not.
  public static String refusal(Hash meshId, byte[] message) {
    try {
      new SyncCodec(meshId).decode(message);
      return "";
    } catch (CborException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
