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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The file that holds a node's secret key: PEM around PKCS#8, as `openssl genpkey -algorithm
/// ed25519` writes it, readable by its owner only. A file that exists is never written to: a lost
/// key is a lost identity. Any thread.
public final class KeyFile {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final long MAX_BYTES = 4_096;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private KeyFile() {}

  /// Reads the key of `file`, or draws one and creates the file if there is none.
  ///
  /// @param random a `SecureRandom` outside tests
  /// @throws KeyFileException if there is a file that cannot be used, or none can be created
  public static SigningKey loadOrCreate(Path file, RandomGenerator random) throws KeyFileException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return load(file);
    }
    SigningKey key = SigningKey.generate(random);
    create(file, key);
    return key;
  }

  /// Reads the key of `file`.
  ///
  /// @throws KeyFileException if there is none, if others than its owner have access to it, or if
  ///   it is not such a file
  public static SigningKey load(Path file) throws KeyFileException {
    try {
      if (!Files.isRegularFile(file)) {
        throw new KeyFileException(
            file + (Files.exists(file) ? ": not a regular file" : ": no such key file"));
      }
      checkAccess(file);
      if (Files.size(file) > MAX_BYTES) {
        throw malformed(file);
      }
      return parse(file, Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (KeyFileException e) {
      throw e;
    } catch (IOException e) {
      throw new KeyFileException(file + ": key file cannot be read: " + e, e);
    }
  }

  /// Creates `file` with `key`, complete and on disk when this returns.
  ///
  /// @throws KeyFileException if it exists already or cannot be created
  public static void create(Path file, SigningKey key) throws KeyFileException {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory == null) {
      throw new KeyFileException(file + ": not a place for a key file");
    }
    Path draft = directory.resolve("." + absolute.getFileName() + ".new");
    try {
      // A draft is left behind only by a crash before the link: its key was never used.
      Files.deleteIfExists(draft);
      write(draft, text(key));
      try {
        link(draft, absolute);
      } finally {
        Files.deleteIfExists(draft);
      }
      syncDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(file + ": key file exists already; it is never overwritten", e);
    } catch (IOException e) {
      throw new KeyFileException(file + ": key file cannot be created: " + e, e);
    }
  }

  private static void write(Path draft, String text) throws IOException {
    Set<StandardOpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel =
        posix(draft)
            ? FileChannel.open(draft, options, PosixFilePermissions.asFileAttribute(OWNER_ONLY))
            : FileChannel.open(draft, options)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
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
    if (posix(directory)) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void checkAccess(Path file) throws IOException {
    if (!posix(file)) {
      return;
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : granted) {
      if (OTHERS.contains(permission)) {
        throw new KeyFileException(
            file
                + ": key file is open to others ("
                + PosixFilePermissions.toString(granted)
                + "); run: chmod 600 "
                + file);
      }
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String text(SigningKey key) {
    return BEGIN + "\n" + Base64.getEncoder().encodeToString(Pkcs8.encode(key)) + "\n" + END + "\n";
  }

  private static SigningKey parse(Path file, String text) throws KeyFileException {
    String trimmed = text.strip();
    if (trimmed.length() < BEGIN.length() + END.length()
        || !trimmed.startsWith(BEGIN)
        || !trimmed.endsWith(END)) {
      throw malformed(file);
    }
    String base64 =
        trimmed
            .substring(BEGIN.length(), trimmed.length() - END.length())
            .replaceAll("[\\r\\n]", "");
    try {
      return Pkcs8.decode(Base64.getDecoder().decode(base64)).orElseThrow(() -> malformed(file));
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
