package io.skein.ledger.note;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.skein.ledger.fuzz.Allocation;
import io.skein.ledger.key.PublicKey;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.proof.Tile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Notes, checkpoints, origins and paths of tiles from any bytes: what is read is written back the
/// same.
public final class NoteFuzz {
  private static final PublicKey KEY = SigningKey.ofSeed(new byte[32]).publicKey();

  private NoteFuzz() {}

  /// @param input any bytes
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    Optional<Note> note = Allocation.bounded(input, 256, () -> note(input));
    if (note.isPresent()) {
      assertArrayEquals(input, note.get().encoded());
      assertFalse(note.get().signatures().toString().isBlank());
    }
    Optional<CheckpointNote> checkpoint = Allocation.bounded(input, 256, () -> checkpoint(input));
    if (checkpoint.isPresent()) {
      assertArrayEquals(input, checkpoint.get().encoded());
      checkpoint.get().signedBy(KEY);
      checkpoint.get().cosignedBy(List.of(KEY));
    }
    String text = new String(input, StandardCharsets.ISO_8859_1);
    Optional<TreeHead> head = Allocation.bounded(input, 256, () -> head(text));
    head.ifPresent(read -> assertEquals(text, read.text()));
    Optional<FeedOrigin> origin = Allocation.bounded(input, 256, () -> origin(text));
    origin.ifPresent(read -> assertEquals(text, read.toString()));
    for (int level = -1; level < 9; level++) {
      int at = level;
      Optional<Tile> tile = Allocation.bounded(input, 256, () -> Tile.parse(at, text));
      tile.ifPresent(read -> assertEquals(text, read.path()));
    }
  }

  private static Optional<Note> note(byte[] input) {
    try {
      return Optional.of(Note.parse(input));
    } catch (NoteException _) {
      return Optional.empty();
    }
  }

  private static Optional<CheckpointNote> checkpoint(byte[] input) {
    try {
      return Optional.of(CheckpointNote.parse(input));
    } catch (NoteException _) {
      return Optional.empty();
    }
  }

  private static Optional<TreeHead> head(String text) {
    try {
      return Optional.of(TreeHead.parse(text));
    } catch (NoteException _) {
      return Optional.empty();
    }
  }

  private static Optional<FeedOrigin> origin(String text) {
    try {
      return Optional.of(FeedOrigin.parse(text));
    } catch (NoteException _) {
      return Optional.empty();
    }
  }
}
