package io.skein.ledger.note;

import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.record.Cosignature;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/// What a checkpoint states: that a feed's first `size` records have this root. Its text (C2SP
/// tlog-checkpoint) is three lines: origin, size, root in base64. Lines of extension are refused:
/// no record could bring them along. Immutable; any thread.
///
/// @param origin which feed
/// @param size records, 1 or more
/// @param root the RFC 9162 root over their hashes
public record TreeHead(FeedOrigin origin, long size, Hash root) {
  private static final Pattern SIZE = Pattern.compile("[1-9][0-9]{0,18}");

  public TreeHead {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 1)");
    }
  }

  /// Of a mesh's feed.
  public static TreeHead of(Hash meshId, FeedId feed, long size, Hash root) {
    return new TreeHead(new FeedOrigin(meshId, feed), size, root);
  }

  /// Reads the text of a note.
  ///
  /// @throws NoteException if it is not exactly a tree head's
  public static TreeHead parse(String text) throws NoteException {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty() || !SIZE.matcher(lines[1]).matches()) {
      throw new NoteException("not three lines: origin, size, root");
    }
    byte[] root = NoteSignature.base64(lines[2], Hash.BYTES);
    if (root.length != Hash.BYTES) {
      throw new NoteException("root: " + root.length + " bytes (expected: 32)");
    }
    try {
      return new TreeHead(FeedOrigin.parse(lines[0]), Long.parseLong(lines[1]), Hash.of(root));
    } catch (NumberFormatException _) {
      throw new NoteException("size: beyond 63 bits");
    }
  }

  /// The text that the author signs, with its final line end.
  public String text() {
    return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root.toBytes()) + "\n";
  }

  /// The author's signature under the note: 64 bytes.
  public byte[] sign(SigningKey author) {
    return author.sign(bytes(text()));
  }

  /// Whether `signature` is that of the note by `author`, who must be the feed's.
  public boolean verifies(PublicKey author, byte[] signature) {
    return author.nodeId().equals(origin.feed().author())
        && author.verifies(bytes(text()), signature);
  }

  /// States as a witness that at `timeSeconds` this is the largest consistent tree of the feed that
  /// it knows.
  public Cosignature cosign(SigningKey witness, long timeSeconds) {
    return new Cosignature(
        origin.feed(), size, root, timeSeconds, witness.sign(cosigned(timeSeconds)));
  }

  /// Whether a cosignature is under this tree head and by `witness`.
  public boolean cosigned(Cosignature cosignature, PublicKey witness) {
    return cosignature.feed().equals(origin.feed())
        && cosignature.size() == size
        && cosignature.root().equals(root)
        && witness.verifies(cosigned(cosignature.timeSeconds()), cosignature.signature());
  }

  byte[] cosigned(long timeSeconds) {
    return bytes("cosignature/v1\ntime " + timeSeconds + "\n" + text());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
