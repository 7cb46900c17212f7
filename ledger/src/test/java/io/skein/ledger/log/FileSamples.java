package io.skein.ledger.log;

import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.SignedRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Files of a data directory.
public final class FileSamples {
  private FileSamples() {}

  /// Segments of the feed that [StoreFuzz] opens, in its two forms.
  public static Map<String, byte[]> segments() {
    List<SignedRecord> chain = Feeds.chain(SigningKey.ofSeed(new byte[32]), 5);
    Map<String, byte[]> segments = new LinkedHashMap<>();
    segments.put("frames", frames(chain, true));
    segments.put("contents", frames(chain, false));
    segments.put("gap", frames(List.of(chain.get(0), chain.get(1), chain.get(3)), false));
    segments.put("disorder", frames(List.of(chain.get(1), chain.get(0), chain.get(0)), false));
    segments.put("torn", Arrays.copyOf(frames(chain, true), 700));
    return segments;
  }

  /// A fork file.
  public static byte[] fork(Body.ForkProof proof) {
    ByteBuffer out = ByteBuffer.allocate(4_096);
    Frame.put(out, proof.key().toBytes());
    Frame.put(out, proof.first().encoded());
    Frame.put(out, proof.second().encoded());
    return Arrays.copyOf(out.array(), out.position());
  }

  /// A segment of these records.
  public static byte[] segment(List<SignedRecord> records) {
    byte[] marked = frames(records, true);
    return Arrays.copyOfRange(marked, 1, marked.length);
  }

  private static byte[] frames(List<SignedRecord> records, boolean checked) {
    ByteBuffer out = ByteBuffer.allocate(4_096).put((byte) (checked ? 0 : 1));
    for (SignedRecord record : records) {
      byte[] content = record.encoded();
      if (checked) {
        Frame.put(out, content);
      } else {
        out.putShort((short) content.length).put(content);
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
