package io.skein.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A text with signatures under it (C2SP signed-note): the text ends with a line end, an empty line
/// follows, then a line for each signature. Immutable; any thread.
///
/// Nothing is verified here: a text means something only by a signature of a key that is known, see
/// [NoteKey].
///
/// @param text with its final line end; no control characters but line ends
/// @param signatures 1 to [#MAX_SIGNATURES]
public record Note(String text, List<NoteSignature> signatures) {
  /// Longest note that is read.
  public static final int MAX_BYTES = 65_536;

  /// Most signatures that are read.
  public static final int MAX_SIGNATURES = 64;

  public Note {
    if (!text.endsWith("\n") || text.codePoints().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new IllegalArgumentException("text: no line end at its end, or controls in it");
    }
    signatures = List.copyOf(signatures);
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException(
          "signatures: " + signatures.size() + " (expected: 1 to " + MAX_SIGNATURES + ")");
    }
  }

  /// Reads all of `bytes`.
  ///
  /// @throws NoteException if they are no note, or one beyond the limits
  public static Note parse(byte[] bytes) throws NoteException {
    if (bytes.length > MAX_BYTES) {
      throw new NoteException(bytes.length + " bytes (expected: at most " + MAX_BYTES + ")");
    }
    String all;
    try {
      all = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new NoteException("not UTF-8");
    }
    if (all.codePoints().anyMatch(c -> c < ' ' && c != '\n')) {
      throw new NoteException("control characters in it");
    }
    int blank = all.lastIndexOf("\n\n");
    if (blank < 0 || !all.endsWith("\n") || blank + 2 == all.length()) {
      throw new NoteException("not a text, an empty line and signatures");
    }
    String[] lines = all.substring(blank + 2, all.length() - 1).split("\n", -1);
    if (lines.length > MAX_SIGNATURES) {
      throw new NoteException(
          lines.length + " signatures (expected: at most " + MAX_SIGNATURES + ")");
    }
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : lines) {
      signatures.add(NoteSignature.parse(line));
    }
    return new Note(all.substring(0, blank + 1), signatures);
  }

  /// The note as it is sent: UTF-8.
  public byte[] encoded() {
    StringBuilder all = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> all.append(signature.line()).append('\n'));
    return all.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// What is signed.
  byte[] textBytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
