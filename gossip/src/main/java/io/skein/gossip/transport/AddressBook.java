package io.skein.gossip.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Every address at which a peer was ever seen, kept in a file of `HOST:PORT` lines, so that a mesh
/// can restart after all its seeds are gone.
///
/// At most [#MAX_ADDRESSES], the longest unseen goes first. The file is replaced atomically; lines
/// that do not parse are skipped and go with the next write. Thread-safe.
public final class AddressBook {
  /// How many addresses are kept.
  public static final int MAX_ADDRESSES = 1_024;

  private static final long MAX_FILE_BYTES = 1 << 20;

  private final Path file;
  private final LinkedHashSet<MeshAddress> addresses = new LinkedHashSet<>();

  private AddressBook(Path file) {
    this.file = file;
  }

  /// Reads `file`; one that does not exist is an empty book.
  ///
  /// @throws IOException if the file cannot be read or is larger than 1 MiB
  public static AddressBook open(Path file) throws IOException {
    AddressBook book = new AddressBook(file);
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw new IOException(file + ": larger than an address book can be");
      }
    } catch (NoSuchFileException _) {
      return book;
    }
    // ISO-8859-1 maps any byte, so a damaged file is skipped line by line and not refused as a
    // whole
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        MeshAddress.parse(line.strip()).ifPresent(book::seen);
      }
    }
    return book;
  }

  /// The addresses, the most recently seen last.
  public synchronized List<MeshAddress> addresses() {
    return List.copyOf(addresses);
  }

  /// Adds one address and writes the file if it was new.
  ///
  /// @return whether it was new
  /// @throws IOException if the file cannot be written; the address is kept in memory all the same
  public synchronized boolean add(MeshAddress address) throws IOException {
    if (!seen(address)) {
      return false;
    }
    write();
    return true;
  }

  private boolean seen(MeshAddress address) {
    if (address.port() == 0) {
      return false;
    }
    boolean added = !addresses.remove(address);
    addresses.add(address);
    if (addresses.size() > MAX_ADDRESSES) {
      addresses.removeFirst();
    }
    return added;
  }

  private void write() throws IOException {
    List<String> lines = new ArrayList<>(addresses.size());
    addresses.forEach(address -> lines.add(address.toString()));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, lines, StandardCharsets.US_ASCII);
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
