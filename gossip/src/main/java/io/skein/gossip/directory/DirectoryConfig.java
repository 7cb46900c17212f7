package io.skein.gossip.directory;

import java.time.Duration;

/// How a [MeshDirectory] behaves.
///
/// @param audit between two audits. Shorter mends sooner and costs a pass over all entries each
///   time
/// @param settle how long after a view of the mesh, or after an audit that left something
///   undecided, the next audit comes
/// @param answer how long a peer's answer is waited for; nothing but the directory's own thread
///   waits
/// @param retry how long after a failed start the next one comes
public record DirectoryConfig(Duration audit, Duration settle, Duration answer, Duration retry) {
  /// Audits every 5 s, settles 1 s, waits 3 s for answers, retries after 30 s.
  public static DirectoryConfig defaults() {
    return new DirectoryConfig(
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(30));
  }
}
