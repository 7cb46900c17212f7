package io.skein.gossip.directory;

import io.skein.gossip.transport.PeerId;
import java.util.Map;

/// Breaks one node's copy of the directory behind its back.
public final class Vandal {
  private final MeshCache cache;

  public Vandal(MeshDirectory directory) {
    cache = directory.cache().orElseThrow();
  }

  /// Removes everything.
  public void wipe() {
    cache.held().keySet().forEach(cache::removeHere);
  }

  /// Flips a bit of every entry and adds some that nobody wrote.
  public void corrupt() {
    for (Map.Entry<String, byte[]> entry : cache.held().entrySet()) {
      byte[] bytes = entry.getValue().clone();
      bytes[bytes.length / 2] ^= 4;
      cache.putHere(entry.getKey(), bytes);
    }
    for (int i = 0; i < 20; i++) {
      cache.putHere(
          "endpoint/ghost/" + i,
          new DirectoryEntry(-1, new PeerId(1, i), new byte[] {1}).toBytes());
    }
  }

  /// How many entries the copy holds.
  public int size() {
    return cache.size();
  }
}
