package io.skein.app;

import io.skein.app.config.NodeConfig;
import io.skein.gossip.transport.AddressBook;
import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.DirectoryInUseException;
import io.skein.ledger.log.SegmentStore;
import io.skein.ledger.log.UnsupportedFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/// Opens what a node keeps on disk; what cannot be used is told and left as it is.
final class DataDirectory {
  private DataDirectory() {}

  static SigningKey openKey(NodeConfig config, SegmentStore store, SecureRandom random)
      throws StartFailed {
    Path file = config.node().data().resolve("identity.key");
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
      return KeyFile.loadOrCreate(file, random);
    } catch (KeyFileException e) {
      throw new StartFailed(StartFailed.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// The key that is there already; empty if there is none yet.
  static Optional<SigningKey> knownKey(NodeConfig config) throws StartFailed {
    Path file = config.node().data().resolve("identity.key");
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(KeyFile.load(file));
    } catch (KeyFileException e) {
      throw new StartFailed(StartFailed.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  /// Opens the store; what the key's holder verified before is not verified again.
  static SegmentStore openStore(NodeConfig config, Optional<SigningKey> key) throws StartFailed {
    try {
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

  static AddressBook openAddresses(NodeConfig config) throws StartFailed {
    try {
      return AddressBook.open(config.node().data().resolve("addresses"));
    } catch (IOException e) {
      throw new StartFailed(StartFailed.USAGE, "--data: " + e.getMessage(), e);
    }
  }
}
