package io.skein.cli;

import io.skein.ledger.key.KeyFile;
import io.skein.ledger.key.KeyFileException;
import io.skein.ledger.key.Passphrase;
import io.skein.ledger.key.SigningKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Encrypts and decrypts the key files of a stopped node's data directory. A class of its own, so
/// that other verbs do not load the ledger.
final class KeyFiles {
  /// The node's key, and the one it was about to be handed on to.
  private static final List<String> NAMES = List.of("identity.key", "identity.next");

  private KeyFiles() {}

  static ExitCode encrypt(Session session, Arguments arguments) {
    return rewrite(session, arguments, true);
  }

  static ExitCode decrypt(Session session, Arguments arguments) {
    return rewrite(session, arguments, false);
  }

  private static ExitCode rewrite(Session session, Arguments arguments, boolean encrypt) {
    String verb = "skein key " + (encrypt ? "encrypt" : "decrypt");
    Path data = path(arguments, "--data", verb);
    Path passphraseFile = path(arguments, "--passphrase-file", verb);
    if (!Files.isRegularFile(data.resolve(NAMES.getFirst()))) {
      throw Failure.usage(
          "--data: " + data + " holds no identity.key (expected: a node's data directory)");
    }
    List<String> files = new ArrayList<>();
    try (FileChannel lock = lock(data);
        Passphrase passphrase = Passphrase.read(passphraseFile)) {
      for (String name : NAMES) {
        Path file = data.resolve(name);
        if (Files.exists(file) && KeyFile.encrypted(file) != encrypt) {
          SigningKey key =
              KeyFile.rewrite(
                  file,
                  encrypt ? Optional.empty() : Optional.of(passphrase),
                  encrypt ? Optional.of(passphrase) : Optional.empty(),
                  new SecureRandom());
          files.add(file + " (" + key.nodeId() + ")");
        }
      }
    } catch (KeyFileException e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new Failure(ExitCode.NO, data + ": " + e);
    }
    if (files.isEmpty()) {
      throw new Failure(
          ExitCode.CONFLICT,
          "identity.key is "
              + (encrypt ? "encrypted" : "not encrypted")
              + " already; nothing was changed");
    }
    session.say(
        (encrypt ? "encrypted " : "decrypted ")
            + String.join(", ", files)
            + (encrypt ? "; start the node with --identity-passphrase-file" : ""));
    return ExitCode.OK;
  }

  /// Held by a node that runs.
  private static FileChannel lock(Path data) throws IOException {
    FileChannel channel =
        FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(data);
      }
      return channel;
    } catch (OverlappingFileLockException _) {
      channel.close();
      throw inUse(data);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Failure inUse(Path data) {
    return new Failure(ExitCode.CONFLICT, data + " is in use by a node that runs; stop it first");
  }

  private static Path path(Arguments arguments, String option, String verb) {
    String text =
        arguments
            .text(option)
            .orElseThrow(() ->
                Failure.usage(
                    option + " is missing: " + verb + " --data DIR --passphrase-file FILE"));
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw Failure.usage(option + ": '" + text + "' is not a path");
    }
  }
}
