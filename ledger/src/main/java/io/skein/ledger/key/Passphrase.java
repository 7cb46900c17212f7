package io.skein.ledger.key;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The secret that a key file is encrypted with. Wiped by [#close]; never shown in text. One thread
/// at a time.
public final class Passphrase implements AutoCloseable {
  /// Longest passphrase in bytes.
  public static final int MAX_BYTES = 1_024;

  private final byte[] bytes;

  private Passphrase(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies a passphrase.
  ///
  /// @throws IllegalArgumentException unless it has 1 to [#MAX_BYTES] bytes
  public static Passphrase of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "passphrase: " + bytes.length + " bytes (expected: 1 to 1024)");
    }
    return new Passphrase(bytes.clone());
  }

  /// The first line of a file, as `openssl -passin file:…` reads it.
  ///
  /// @throws KeyFileException if the file cannot be read, others than its owner have access to it,
  ///   or its first line is empty or too long
  public static Passphrase read(Path file) throws KeyFileException {
    byte[] read = new byte[MAX_BYTES + 2];
    int length;
    try {
      if (!Files.isRegularFile(file)) {
        throw new KeyFileException(
            file + (Files.exists(file) ? ": not a regular file" : ": no such passphrase file"));
      }
      FileAccess.checkOwnerOnly(file, "passphrase file");
      try (InputStream in = Files.newInputStream(file)) {
        length = in.readNBytes(read, 0, read.length);
      }
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(file + ": passphrase file cannot be read: " + e, e);
    }
    try {
      int end = 0;
      while (end < length && read[end] != '\n' && read[end] != '\r') {
        end++;
      }
      if (end == 0 || end > MAX_BYTES) {
        throw new KeyFileException(
            file
                + ": passphrase file's first line is "
                + (end == 0 ? "empty" : "too long")
                + " (expected: 1 to 1024 bytes)");
      }
      return new Passphrase(Arrays.copyOf(read, end));
    } finally {
      Arrays.fill(read, (byte) 0);
    }
  }

  /// The bytes themselves, not a copy.
  byte[] bytes() {
    return bytes;
  }

  /// Another one with the same content, to be wiped on its own.
  public Passphrase copy() {
    return new Passphrase(bytes.clone());
  }

  /// Wipes it; it is of no use afterwards.
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  /// Keeps the secret back.
  @Override
  public String toString() {
    return "Passphrase";
  }
}
