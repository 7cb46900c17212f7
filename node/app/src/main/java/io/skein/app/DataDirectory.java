package io.skein.app;

import io.skein.app.config.NodeConfig;
import io.skein.gossip.transport.AddressBook;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.DirectoryInUseException;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.log.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// Opens what a node keeps on disk; what cannot be used is told and left as it is.
final class DataDirectory {
  private DataDirectory() {}

  static SigningKey openKey(NodeConfig config, SegmentStore store, IdentityFiles files)
      throws StartFailed {
    Path file = files.current();
    if (!store.feeds().isEmpty() && !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      // A new key here would be a stranger among the records, and in the way of the lost one.
      throw new StartFailed(
          StartFailed.USAGE,
          "--data: "
              + config.node().data()
              + " holds a node's records but no identity.key. Nothing was changed. Put the key back"
              + " from a backup, or use another --data to start as a new node.");
    }
    try {
      return files.open(store);
    } catch (KeyFileException e) {
      throw new StartFailed(StartFailed.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// The key that is there already; empty if there is none yet.
  static Optional<SigningKey> knownKey(IdentityFiles files) throws StartFailed {
    try {
      return files.known();
    } catch (KeyFileException e) {
      throw new StartFailed(StartFailed.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// Opens the store; what the key's holder verified before is not verified again.
  static SegmentStore openStore(NodeConfig config, Optional<SigningKey> key) throws StartFailed {
    try {
      create(config.node().data());
      return key.isPresent()
          ? SegmentStore.open(config.node().data(), key.get())
          : SegmentStore.open(config.node().data());
    } catch (UnsupportedFormatException e) {
      throw new StartFailed(StartFailed.USAGE, "--data: " + e.getMessage() + ".", e);
    } catch (DirectoryInUseException e) {
      throw new StartFailed(StartFailed.USAGE, e.getMessage() + ". Choose another with --data.", e);
    } catch (IOException e) {
      throw new StartFailed(
          StartFailed.USAGE,
          "--data: " + config.node().data() + " cannot be used: " + StartFailed.reason(e),
          e);
    }
  }

  /// A directory that is made here is its owner's alone; one that is there is left as it is.
  private static void create(Path data) throws IOException {
    Path parent = data.toAbsolutePath().getParent();
    if (parent != null
        && !Files.exists(data)
        && data.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(parent);
      Files.createDirectory(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  static AddressBook openAddresses(NodeConfig config) throws StartFailed {
    try {
      return AddressBook.open(config.node().data().resolve("addresses"));
    } catch (IOException e) {
      throw new StartFailed(StartFailed.USAGE, "--data: " + e.getMessage(), e);
    }
  }
}
