package io.skein.app;

import io.skein.app.mesh.SuccessorKeys;
import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.NodeId;
import io.skein.ledger.key.Passphrase;
import io.skein.ledger.key.SigningKey;
import io.skein.ledger.log.RecordStore;
import io.skein.ledger.record.Body;
import io.skein.ledger.record.FeedId;
import io.skein.ledger.record.SignedRecord;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The key files of a data directory, and how one key follows another:
///
/// 1. `identity.next` is made, with the new key.
/// 2. The rotate record is written to the ledger. From here on the new key is the node's.
/// 3. `identity.key` gets a second name, `identity.ID.retired`.
/// 4. `identity.next` is moved to `identity.key`, in one step.
///
/// Whatever step a crash comes after, [#open] finds what to do by looking for the record: without
/// it the node is who it was, with it steps 3 and 4 are done. No key is ever deleted. Any thread,
/// one at a time.
final class IdentityFiles implements SuccessorKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IdentityFiles.class);

  private final Path data;
  private final Optional<Path> passphraseFile;
  private final RandomGenerator random;

  /// @param passphraseFile what the keys are encrypted with; empty: they are not
  /// @param random draws keys
  IdentityFiles(Path data, Optional<Path> passphraseFile, RandomGenerator random) {
    this.data = data;
    this.passphraseFile = passphraseFile;
    this.random = random;
  }

  Path current() {
    return data.resolve("identity.key");
  }

  private Path next() {
    return data.resolve("identity.next");
  }

  /// The node's key; a switch that was begun and recorded is finished first.
  ///
  /// @param store where the rotate record would be
  SigningKey open(RecordStore store) throws KeyFileException {
    if (Files.exists(next(), LinkOption.NOFOLLOW_LINKS)
        && Files.exists(current(), LinkOption.NOFOLLOW_LINKS)) {
      SigningKey key = load(current());
      SigningKey successor = load(next());
      if (recorded(store, key, successor)) {
        LOG.info("finishing the rotation of {} to {}", key.nodeId(), successor.nodeId());
        complete(key.nodeId());
        return successor;
      }
      LOG.info("a rotation was begun and not recorded; the node stays {}", key.nodeId());
      return key;
    }
    return withPassphrase(it -> KeyFile.loadOrCreate(current(), it, random));
  }

  private static boolean recorded(RecordStore store, SigningKey key, SigningKey successor) {
    for (FeedId feed : store.feeds()) {
      if (!feed.author().equals(key.nodeId())) {
        continue;
      }
      // The record is among the last: nothing of account is written after it.
      for (long seq = store.lastSeq(feed); seq >= 1; seq--) {
        Optional<SignedRecord> record = store.record(feed, seq);
        if (record.isPresent()
            && record.get().body() instanceof Body.Rotate rotate
            && rotate.successor().equals(successor.publicKey())
            && record.get().verifies(key.publicKey())) {
          return true;
        }
      }
    }
    return false;
  }

  /// One that is there already was never used: its rotation was not recorded.
  @Override
  public SigningKey prepare() throws KeyFileException {
    return withPassphrase(it -> KeyFile.loadOrCreate(next(), it, random));
  }

  @Override
  public void complete(NodeId old) throws KeyFileException {
    KeyFile.keepAs(current(), data.resolve("identity." + old + ".retired"));
    KeyFile.replace(next(), current());
  }

  /// The key of the file that is there; empty if there is none yet.
  Optional<SigningKey> known() throws KeyFileException {
    return Files.exists(current(), LinkOption.NOFOLLOW_LINKS)
        ? Optional.of(load(current()))
        : Optional.empty();
  }

  private SigningKey load(Path file) throws KeyFileException {
    return load(file, passphraseFile);
  }

  /// Reads a key file.
  static SigningKey load(Path file, Optional<Path> passphraseFile) throws KeyFileException {
    return withPassphrase(passphraseFile, it -> KeyFile.load(file, it));
  }

  private interface Use {
    SigningKey with(Optional<Passphrase> passphrase) throws KeyFileException;
  }

  private SigningKey withPassphrase(Use use) throws KeyFileException {
    return withPassphrase(passphraseFile, use);
  }

  private static SigningKey withPassphrase(Optional<Path> file, Use use) throws KeyFileException {
    if (file.isEmpty()) {
      return use.with(Optional.empty());
    }
    try (Passphrase passphrase = Passphrase.read(file.get())) {
      return use.with(Optional.of(passphrase));
    }
  }
}
