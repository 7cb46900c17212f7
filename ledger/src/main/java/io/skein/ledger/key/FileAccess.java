package io.skein.ledger.key;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Who else can get at a secret's file. Where a file system knows no such thing, nothing is
/// checked.
final class FileAccess {
  static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);
  private static final int STICKY = 01000;

  private FileAccess() {}

  static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /// @param what how messages call the file
  static void checkOwnerOnly(Path file, String what) throws IOException {
    if (!posix(file)) {
      return;
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(file);
    for (PosixFilePermission permission : granted) {
      if (OTHERS.contains(permission)) {
        throw new KeyFileException(
            file
                + ": "
                + what
                + " is open to others ("
                + PosixFilePermissions.toString(granted)
                + "); run: chmod 600 "
                + file);
      }
    }
  }

  /// In a directory that everybody may write to, anybody can put another key in the place of this
  /// one; a sticky one, as /tmp, keeps others' files.
  static void checkDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !posix(directory)) {
      return;
    }
    Set<PosixFilePermission> granted = Files.getPosixFilePermissions(directory);
    boolean sticky =
        directory.getFileSystem().supportedFileAttributeViews().contains("unix")
            && ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
    if (granted.contains(PosixFilePermission.OTHERS_WRITE) && !sticky) {
      throw new KeyFileException(
          directory
              + ": key file's directory may be written to by everybody ("
              + PosixFilePermissions.toString(granted)
              + "); run: chmod 700 "
              + directory);
    }
  }
}
