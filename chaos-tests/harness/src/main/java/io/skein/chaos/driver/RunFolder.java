package io.skein.chaos.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// The folder of one run, and what a run that was killed left behind.
///
/// It holds who runs (`owner`) and each process that was started (`processes`), both as process id
/// and start time, so that an id that was given to somebody else is not mistaken. What the kernel
/// was asked for carries the run's id in its name ([#tag]).
final class RunFolder {
  private static final String PREFIX = "skein-chaos-";
  private static final String OWNER = "owner";
  private static final String PROCESSES = "processes";

  private final Path path;
  private final String id;
  private boolean ended;

  private RunFolder(Path path, String id) {
    this.path = path;
    this.id = id;
  }

  /// Makes the folder of this process, after removing what dead runs left.
  ///
  /// @param parent where such folders lie
  static RunFolder make(Path parent) throws IOException, InterruptedException {
    removeStale(parent);
    String id = Long.toString(ProcessHandle.current().pid(), 36);
    RunFolder folder = new RunFolder(parent.resolve(PREFIX + id), id);
    folder.removeAll();
    folder.ended = false;
    Files.createDirectories(folder.path);
    write(folder.path.resolve(OWNER), line(ProcessHandle.current()));
    return folder;
  }

  /// Whatever is asked of the kernel begins with this: `sk` and the run's id, at most 9 characters.
  String tag() {
    return "sk" + id;
  }

  Path path() {
    return path;
  }

  /// Starts a process and remembers it.
  ///
  /// @throws IOException if the run has ended
  synchronized Process start(ProcessBuilder builder) throws IOException {
    if (ended) {
      throw new IOException("the run is over");
    }
    Process process = builder.start();
    write(path.resolve(PROCESSES), line(process.toHandle()));
    return process;
  }

  private static void write(Path file, String line) throws IOException {
    Files.writeString(
        file,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static String line(ProcessHandle process) {
    return process.pid() + " " + startOf(process);
  }

  private static String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Object::toString).orElse("?");
  }

  /// The process of such a line, if it still is that one.
  private static Optional<ProcessHandle> alive(String line) {
    String[] words = line.strip().split(" ", -1);
    return words.length == 2 && words[0].matches("[0-9]+")
        ? ProcessHandle.of(Long.parseLong(words[0]))
            .filter(process -> process.isAlive() && startOf(process).equals(words[1]))
        : Optional.empty();
  }

  private static void removeStale(Path parent) throws IOException, InterruptedException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path stale : folders) {
        Path owner = stale.resolve(OWNER);
        if (Files.isRegularFile(owner) && alive(Files.readString(owner)).isEmpty()) {
          String id = stale.getFileName().toString().substring(PREFIX.length());
          new RunFolder(stale, id).removeAll();
        }
      }
    }
  }

  /// Ends all processes of the run and takes back what was asked of the kernel; the folder stays.
  synchronized void endProcesses() throws IOException, InterruptedException {
    ended = true;
    Path list = path.resolve(PROCESSES);
    if (Files.isRegularFile(list)) {
      for (String line : Files.readAllLines(list)) {
        alive(line).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    if (Files.exists(Containers.mark(path))) {
      Containers.remove(tag());
    }
    Namespaces.remove(tag());
    CpuLimit.remove(tag());
    MemoryGroup.remove(tag());
    for (Path disk : SmallDisk.below(path)) {
      SmallDisk.remove(disk);
    }
    Files.deleteIfExists(path.resolve(OWNER));
  }

  /// Ends everything and deletes the folder.
  void removeAll() throws IOException, InterruptedException {
    endProcesses();
    Trees.delete(path);
  }
}
