package io.skein.app;

import io.skein.api.MeshControl;
import io.skein.api.MeshControl.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file with a join token, for deployments whose nodes share a directory. Readers see the whole
/// token or no file. A file that is there is left alone, whatever is in it; one that cannot be
/// written is logged, and the node goes on without.
final class InviteFile {
  private static final Logger LOG = LoggerFactory.getLogger(InviteFile.class);
  private static final int USES = 8;
  private static final Duration VALID_FOR = Duration.ofHours(24);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final MeshControl control;

  InviteFile(Path file, MeshControl control) {
    this.file = file.toAbsolutePath();
    this.control = control;
  }

  /// Writes the file if there is none. Blocks until that is done or has failed; the node must be
  /// admitted.
  void write() {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      LOG.info("invite file {} exists and is left as it is", file);
      return;
    }
    Path draft = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      write(draft);
      LOG.info("wrote a join token for {} nodes and {} h to {}", USES, VALID_FOR.toHours(), file);
    } catch (FileAlreadyExistsException e) {
      LOG.info("invite file {} was written by somebody else meanwhile", file);
    } catch (NoSuchFileException e) {
      fail("directory " + file.getParent() + " does not exist");
    } catch (IOException | TimeoutException e) {
      fail(e.toString());
    } catch (ExecutionException e) {
      fail(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    }
  }

  /// Opens the draft before it asks for a token: no invite is made that nobody could ever read.
  private void write(Path draft)
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly(draft))) {
      ByteBuffer token = StandardCharsets.US_ASCII.encode(token() + "\n");
      while (token.hasRemaining()) {
        channel.write(token);
      }
      channel.force(true);
      Files.move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private String token()
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    Result result =
        control
            .createInvite(USES, VALID_FOR)
            .toCompletableFuture()
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    return switch (result) {
      case Result.Invited invited -> invited.token();
      case Result.Refused refused -> throw new IOException(refused.detail());
      case Result.Accepted _, Result.Applied _, Result.Revoked _, Result.Rotated _ ->
          throw new IOException("no token was made");
    };
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private void fail(String why) {
    LOG.error("--invite-file {} could not be written: {}", file, why);
  }
}
