package io.skein.ledger.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The file that holds a node's secret key: PEM around PKCS#8, as `openssl genpkey -algorithm
/// ed25519` writes it, or with `-aes256` if there is a passphrase; readable by its owner only. A
/// key is never written over with another one: a lost key is a lost identity. Any thread.
public final class KeyFile {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final String BEGIN_ENCRYPTED = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
  private static final String END_ENCRYPTED = "-----END ENCRYPTED PRIVATE KEY-----";
  private static final int LINE_CHARACTERS = 64;
  private static final long MAX_BYTES = 4_096;

  private KeyFile() {}

  /// As [#loadOrCreate(Path, Optional, RandomGenerator)], without passphrase.
  public static SigningKey loadOrCreate(Path file, RandomGenerator random) throws KeyFileException {
    return loadOrCreate(file, Optional.empty(), random);
  }

  /// Reads the key of `file`, or draws one and creates the file if there is none.
  ///
  /// @param passphrase what the file is or will be encrypted with
  /// @param random a `SecureRandom` outside tests
  /// @throws KeyFileException if there is a file that cannot be used, or none can be created
  public static SigningKey loadOrCreate(
      Path file, Optional<Passphrase> passphrase, RandomGenerator random) throws KeyFileException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return load(file, passphrase);
    }
    SigningKey key = SigningKey.generate(random);
    create(file, key, passphrase, random);
    return key;
  }

  /// As [#load(Path, Optional)], without passphrase.
  public static SigningKey load(Path file) throws KeyFileException {
    return load(file, Optional.empty());
  }

  /// Reads the key of `file`. A passphrase that is not needed is refused too: whoever gives one
  /// believes the key to be encrypted.
  ///
  /// @throws KeyFileException if there is none, if others than its owner have access to it, if it
  ///   is not such a file, or if the passphrase is wrong, missing or not needed
  public static SigningKey load(Path file, Optional<Passphrase> passphrase)
      throws KeyFileException {
    byte[] text = read(file);
    try {
      boolean encrypted = isEncrypted(text);
      if (encrypted && passphrase.isEmpty()) {
        throw new KeyFileException(
            file
                + ": key file is encrypted and no passphrase is given; name its file:"
                + " --identity-passphrase-file FILE");
      }
      if (!encrypted && passphrase.isPresent()) {
        throw new KeyFileException(
            file
                + ": key file is not encrypted but a passphrase is given; encrypt it with 'skein key"
                + " encrypt', or start without the passphrase");
      }
      return passphrase.isPresent() ? open(file, text, passphrase.get()) : parse(file, text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /// Whether the key of `file` is encrypted.
  ///
  /// @throws KeyFileException if the file cannot be read or is open to others
  public static boolean encrypted(Path file) throws KeyFileException {
    byte[] text = read(file);
    try {
      return isEncrypted(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /// As [#create(Path, SigningKey, Optional, RandomGenerator)], without passphrase.
  public static void create(Path file, SigningKey key) throws KeyFileException {
    writeNew(file, plain(key));
  }

  /// Creates `file` with `key`, complete and on disk when this returns.
  ///
  /// @throws KeyFileException if it exists already or cannot be created
  public static void create(
      Path file, SigningKey key, Optional<Passphrase> passphrase, RandomGenerator random)
      throws KeyFileException {
    writeNew(file, passphrase.isPresent() ? encrypted(key, passphrase.get(), random) : plain(key));
  }

  /// Writes the key of `file` anew, encrypted or not, in one step: whatever happens, the file holds
  /// that key in its old form or in the new one. What remains of the old form on the disk is the
  /// file system's to decide.
  ///
  /// @param before what it is encrypted with; empty: it is not
  /// @param after what it shall be encrypted with; empty: not at all
  /// @return the key
  /// @throws KeyFileException as [#load], or if the file cannot be written
  public static SigningKey rewrite(
      Path file, Optional<Passphrase> before, Optional<Passphrase> after, RandomGenerator random)
      throws KeyFileException {
    SigningKey key = load(file, before);
    byte[] text = after.isPresent() ? encrypted(key, after.get(), random) : plain(key);
    Path absolute = file.toAbsolutePath();
    Path draft = draft(absolute);
    try {
      try {
        Files.deleteIfExists(draft);
        write(draft, text);
        if (!load(draft, after).publicKey().equals(key.publicKey())) {
          throw new KeyFileException(draft + ": cannot be read back; the key was left as it was");
        }
        Files.move(
            draft, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
      syncDirectory(directory(absolute));
      return key;
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(file + ": key file cannot be written: " + e, e);
    }
  }

  /// Gives `file` a second name, which must be free or be the same file's.
  ///
  /// @throws KeyFileException if the name is another file's or cannot be made
  public static void keepAs(Path file, Path name) throws KeyFileException {
    try {
      if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        if (!Files.isSameFile(file, name) && Files.mismatch(file, name) != -1) {
          throw new KeyFileException(name + ": key file exists already; it is never overwritten");
        }
        return;
      }
      try {
        Files.createLink(name, file);
      } catch (UnsupportedOperationException _) {
        byte[] text = read(file);
        write(name, text);
      }
      syncDirectory(directory(name.toAbsolutePath()));
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(name + ": key file cannot be kept: " + e, e);
    }
  }

  /// Moves `from` to the place of `to` in one step. The key that was at `to` is gone from there:
  /// call [#keepAs] first.
  ///
  /// @throws KeyFileException if it cannot be done; nothing has changed then
  public static void replace(Path from, Path to) throws KeyFileException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(directory(to.toAbsolutePath()));
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(to + ": key file cannot be replaced: " + e, e);
    }
  }

  private static byte[] read(Path file) throws KeyFileException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new KeyFileException(
            file + (Files.exists(file) ? ": not a regular file" : ": no such key file"));
      }
      FileAccess.checkOwnerOnly(file, "key file");
      FileAccess.checkDirectory(file);
      if (Files.size(file) > MAX_BYTES) {
        throw malformed(file);
      }
      return Files.readAllBytes(file);
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(file + ": key file cannot be read: " + e, e);
    }
  }

  private static void writeNew(Path file, byte[] text) throws KeyFileException {
    Path absolute = file.toAbsolutePath();
    try {
      Path draft = draft(absolute);
      FileAccess.checkDirectory(absolute);
      // A draft is left behind only by a crash before the link: its key was never used.
      Files.deleteIfExists(draft);
      write(draft, text);
      try {
        link(draft, absolute);
      } finally {
        Files.deleteIfExists(draft);
      }
      syncDirectory(directory(absolute));
    } catch (KeyFileException e) {
      throw e;
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(file + ": key file exists already; it is never overwritten", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": key file cannot be created: " + e, e);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static Path directory(Path absolute) throws KeyFileException {
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new KeyFileException(absolute + ": not a place for a key file");
    }
    return directory;
  }

  private static Path draft(Path absolute) throws KeyFileException {
    return directory(absolute).resolve("." + absolute.getFileName() + ".new");
  }

  private static void write(Path draft, byte[] text) throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel =
        FileAccess.posix(draft)
            ? FileChannel.open(
                draft, options, PosixFilePermissions.asFileAttribute(FileAccess.OWNER_ONLY))
            : FileChannel.open(draft, options)) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  /// A link, unlike a rename, fails if the target exists.
  private static void link(Path draft, Path file) throws IOException {
    try {
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException _) {
      Files.move(draft, file);
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    if (FileAccess.posix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static byte[] plain(SigningKey key) {
    return pem(BEGIN, Pkcs8.encode(key), END);
  }

  private static byte[] encrypted(SigningKey key, Passphrase passphrase, RandomGenerator random) {
    return pem(BEGIN_ENCRYPTED, EncryptedPkcs8.encode(key, passphrase, random), END_ENCRYPTED);
  }

  private static byte[] pem(String begin, byte[] content, String end) {
    byte[] base64 = Base64.getMimeEncoder(LINE_CHARACTERS, new byte[] {'\n'}).encode(content);
    Arrays.fill(content, (byte) 0);
    ByteBuffer text = ByteBuffer.allocate(begin.length() + base64.length + end.length() + 3);
    text.put(begin.getBytes(StandardCharsets.US_ASCII)).put((byte) '\n');
    text.put(base64).put((byte) '\n');
    text.put(end.getBytes(StandardCharsets.US_ASCII)).put((byte) '\n');
    Arrays.fill(base64, (byte) 0);
    return text.array();
  }

  private static boolean isEncrypted(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1).strip().startsWith(BEGIN_ENCRYPTED);
  }

  private static SigningKey parse(Path file, byte[] text) throws KeyFileException {
    byte[] content = content(file, text, BEGIN, END);
    try {
      return Pkcs8.decode(content).orElseThrow(() -> malformed(file));
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static SigningKey open(Path file, byte[] text, Passphrase passphrase)
      throws KeyFileException {
    byte[] content = content(file, text, BEGIN_ENCRYPTED, END_ENCRYPTED);
    return switch (EncryptedPkcs8.decode(content, passphrase)) {
      case EncryptedPkcs8.Opened.Key(SigningKey key) -> key;
      case EncryptedPkcs8.Opened.WrongPassphrase() ->
          throw new KeyFileException(
              file + ": wrong passphrase, or the key file is damaged; nothing was changed");
      case EncryptedPkcs8.Opened.Unknown(String why) ->
          throw new KeyFileException(
              file
                  + ": key file is encrypted in a way that is not read here ("
                  + why
                  + "; expected: PKCS#8 with PBES2, PBKDF2-HMAC-SHA-256 and AES-256-CBC, as 'openssl"
                  + " pkcs8 -topk8 -v2 aes-256-cbc' writes it)");
    };
  }

  private static byte[] content(Path file, byte[] text, String begin, String end)
      throws KeyFileException {
    String trimmed = new String(text, StandardCharsets.ISO_8859_1).strip();
    if (trimmed.length() < begin.length() + end.length()
        || !trimmed.startsWith(begin)
        || !trimmed.endsWith(end)) {
      throw malformed(file);
    }
    String base64 =
        trimmed
            .substring(begin.length(), trimmed.length() - end.length())
            .replaceAll("[\\r\\n]", "");
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw malformed(file);
    }
  }

  private static KeyFileException malformed(Path file) {
    return new KeyFileException(
        file
            + ": not an Ed25519 key in PEM (expected: PKCS#8 as 'openssl genpkey -algorithm ed25519'"
            + " writes it); restore it from a backup, or move it away to start with a new identity");
  }
}
