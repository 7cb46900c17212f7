package io.skein.ledger.note;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// One signature line of a [Note]. Immutable; any thread.
///
/// @param name the key's name: 1 to [#MAX_NAME] characters, no space, no plus, no control
/// @param keyId first four bytes of a digest of name and key; see [NoteKey]
/// @param bytes the signature proper, 1 to [#MAX_SIGNATURE] bytes
public record NoteSignature(String name, int keyId, byte[] bytes) {
  /// Longest name of a key.
  public static final int MAX_NAME = 256;

  /// Longest signature: those of other algorithms than ours are carried too.
  public static final int MAX_SIGNATURE = 5_000;

  public NoteSignature {
    if (!named(name)) {
      throw new IllegalArgumentException(
          "name: not 1 to " + MAX_NAME + " characters without space, plus and control");
    }
    if (bytes.length == 0 || bytes.length > MAX_SIGNATURE) {
      throw new IllegalArgumentException(
          "bytes: " + bytes.length + " (expected: 1 to " + MAX_SIGNATURE + ")");
    }
    bytes = bytes.clone();
  }

  static boolean named(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.codePoints()
            .noneMatch(c ->
                c == '+'
                    || c < ' '
                    || c == 0x85
                    || Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  /// The line, without its end: an em dash, the name, and in base64 the key id and the signature.
  public String line() {
    byte[] blob = ByteBuffer.allocate(4 + bytes.length).putInt(keyId).put(bytes).array();
    return "\u2014 " + name + " " + Base64.getEncoder().encodeToString(blob);
  }

  static NoteSignature parse(String line) throws NoteException {
    int space = line.indexOf(' ', 2);
    if (!line.startsWith("\u2014 ") || space < 0) {
      throw new NoteException("a signature line is not: em dash, name, base64");
    }
    byte[] blob = base64(line.substring(space + 1), 4 + MAX_SIGNATURE);
    String name = line.substring(2, space);
    if (!named(name) || blob.length < 5) {
      throw new NoteException("a signature has no proper name or no content");
    }
    return new NoteSignature(
        name, ByteBuffer.wrap(blob).getInt(), Arrays.copyOfRange(blob, 4, blob.length));
  }

  /// Standard base64 with padding, and only in the one form it is written in.
  static byte[] base64(String text, int maxBytes) throws NoteException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (bytes.length <= maxBytes && Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // told below
    }
    throw new NoteException("not base64 of at most " + maxBytes + " bytes");
  }

  @Override
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NoteSignature that
        && name.equals(that.name)
        && keyId == that.keyId
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return name.hashCode() * 31 + keyId;
  }

  /// Name and key id.
  @Override
  public String toString() {
    return name + "+" + HexFormat.of().toHexDigits(keyId);
  }
}
