package io.skein.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// A node cannot start, and why. Nothing is left running and nothing was overwritten.
public final class StartFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /// Exit code for a mistake in usage or configuration, the data directory included.
  public static final int USAGE = 2;

  /// Exit code when no seed answers.
  public static final int UNREACHABLE = 3;

  /// Exit code when the mesh refuses this node.
  public static final int REFUSED = 4;

  private final int exitCode;

  public StartFailed(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public StartFailed(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /// What a part of a start comes to. Blocks until then.
  ///
  /// @throws StartFailed that of the part, or if the thread is interrupted
  static <T> T awaited(Future<T> part) throws StartFailed {
    try {
      return part.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case StartFailed failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailed(USAGE, "interrupted", e);
    }
  }

  /// Why a file could not be used, for people: the JDK's messages are often the path alone.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> missing.getFile() + " does not exist";
      case AccessDeniedException denied ->
          denied.getFile() + " may not be read or written (permission)";
      case FileAlreadyExistsException there -> there.getFile() + " is in the way";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// What the process should exit with.
  public int exitCode() {
    return exitCode;
  }
}
