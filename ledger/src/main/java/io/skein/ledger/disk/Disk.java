package io.skein.ledger.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The few things a store does with files and folders. Nothing written is durable before it is
/// forced: a file's content by [DiskFile#force], its name by [#forceFolder] of the folder it lies
/// in.
///
/// Every failure is an [IOException]. After a failed force nobody knows what is on the disk: the
/// system may have dropped what it could not write and call it written. Confined to one thread.
public interface Disk {
  /// Whether there is a file or folder of that name.
  boolean exists(Path path) throws IOException;

  /// The entries of a folder in order of name; none if there is no such folder.
  List<Path> list(Path folder) throws IOException;

  /// Creates a folder whose parent is there. Nothing happens if it is there already.
  void createFolder(Path folder) throws IOException;

  /// Makes a folder's entries durable.
  void forceFolder(Path folder) throws IOException;

  /// Opens a file for reading and writing; creates it if it is not there.
  DiskFile open(Path file) throws IOException;

  /// Gives a file another name, in one step; what had that name before is gone.
  void move(Path from, Path to) throws IOException;

  /// Gives a file a second name, which is free.
  void link(Path file, Path second) throws IOException;

  /// Removes a file that is there.
  void delete(Path file) throws IOException;
}
