package io.skein.ledger.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.ledger.key.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoteTest {
  /// The example of the Go package golang.org/x/mod/sumdb/note.
  private static final String PUBLISHED =
      "If you think cryptography is the answer to your problem,\n"
          + "then you don't know what your problem is.\n"
          + "\n"
          + "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
          + "qdngotpRZb6KE6RyyBwJnAM=\n";

  private static final String VERIFIER_KEY =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

  @Test
  void aPublishedNoteVerifies() throws NoteException {
    byte[] key = Base64.getDecoder().decode(VERIFIER_KEY.substring(22));
    PublicKey peter = PublicKey.of(Arrays.copyOfRange(key, 1, 33));
    NoteKey noteKey = new NoteKey("PeterNeumann", NoteKey.Kind.NOTE, peter);
    assertEquals("c74f20a3", HexFormat.of().toHexDigits(noteKey.id()));
    assertEquals(VERIFIER_KEY, noteKey.verifierKey());
    Note note = Note.parse(PUBLISHED.getBytes(UTF_8));
    NoteSignature signature = note.signatures().getFirst();
    assertTrue(noteKey.made(signature));
    assertTrue(peter.verifies(note.textBytes(), signature.bytes()));
    assertArrayEquals(PUBLISHED.getBytes(UTF_8), note.encoded());
  }

  @Test
  void theTextEndsAtTheLastEmptyLine() throws NoteException {
    Note note = Note.parse("a\n\nb\n\n\u2014 k AAAAAAA=\n".getBytes(UTF_8));
    assertEquals("a\n\nb\n", note.text());
    assertEquals(List.of(new NoteSignature("k", 0, new byte[1])), note.signatures());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "a\n",
        "a\n\n",
        "a\n\n\u2014 k AAAAAAA=",
        "a\n\u2014 k AAAAAAA=\n",
        "a\n\n- k AAAAAAA=\n",
        "a\n\n\u2014 k  AAAAAAA=\n",
        "a\n\n\u2014 k AAAAAAA=\n\n",
        "a\n\n\u2014 k+l AAAAAAA=\n",
        "a\n\n\u2014 k\u00a0l AAAAAAA=\n",
        "a\n\n\u2014  AAAAAAA=\n",
        "a\n\n\u2014 k AAAAAAB=\n",
        "a\n\n\u2014 k AAAAAAA\n",
        "a\n\n\u2014 k AAAAAA==\n",
        "a\n\n\u2014 k AAAA AAA=\n",
        "a\n\n\u2014 k \n",
        "a\n\n\u2014 k\n",
        "a\r\n\n\u2014 k AAAAAAA=\n",
        "a\u0000\n\n\u2014 k AAAAAAA=\n",
        "a\n\n\u2014 k AAAAAAA=\nrest\n",
      })
  void otherTextsAreNone(String text) {
    assertThrows(NoteException.class, () -> Note.parse(text.getBytes(UTF_8)));
  }

  @Test
  void sizesAreBounded() throws NoteException {
    String line = "\u2014 k AAAAAAA=\n";
    String full = "a\n\n" + line.repeat(Note.MAX_SIGNATURES);
    assertEquals(Note.MAX_SIGNATURES, Note.parse(full.getBytes(UTF_8)).signatures().size());
    assertThrows(NoteException.class, () -> Note.parse((full + line).getBytes(UTF_8)));
    byte[] long65k = ("a".repeat(Note.MAX_BYTES) + "\n\n" + line).getBytes(UTF_8);
    assertThrows(NoteException.class, () -> Note.parse(long65k));
    assertThrows(
        NoteException.class, () -> Note.parse(new byte[] {'a', '\n', '\n', (byte) 0xe2, '\n'}));
    NoteSignature one = new NoteSignature("k", 1, new byte[1]);
    assertThrows(IllegalArgumentException.class, () -> new Note("a", List.of(one)));
    assertThrows(IllegalArgumentException.class, () -> new Note("a\n", List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> new Note("a\n", Collections.nCopies(65, one)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whateverTheBytesAreNothingElseIsThrown(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = PUBLISHED.getBytes(UTF_8);
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = bytes.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      changed = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
      try {
        assertArrayEquals(changed, Note.parse(changed).encoded());
      } catch (NoteException e) {
        assertFalse(String.valueOf(e.getMessage()).isBlank());
      }
    }
  }
}
