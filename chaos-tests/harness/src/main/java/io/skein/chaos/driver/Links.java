package io.skein.chaos.driver;

import java.io.IOException;
import java.util.Collection;

/// The network between the nodes of a mesh. Clients' connections are never touched. Used by the
/// nemesis's thread alone.
public interface Links {
  /// One direction between two nodes, by name.
  ///
  /// @param from who sends
  /// @param to who does not get it
  record OneWay(String from, String to) {}

  /// Drops all packets of these directions, and no others any more.
  void cut(Collection<OneWay> directions) throws IOException, InterruptedException;

  /// Loses that share of what arrives at these nodes from other nodes, beside what is cut.
  ///
  /// @param percent 0 to 100
  void lose(Collection<String> nodes, int percent) throws IOException, InterruptedException;

  /// Whether this machine can delay packets.
  boolean canDelay();

  /// Delays what these nodes send to other nodes.
  ///
  /// @param jitterMillis either way, which reorders packets
  void delay(Collection<String> nodes, int millis, int jitterMillis)
      throws IOException, InterruptedException;

  /// Whether this machine can limit what a node sends.
  boolean canLimit();

  /// Lets these nodes send no more than that.
  void limit(Collection<String> nodes, int kilobitsPerSecond)
      throws IOException, InterruptedException;

  /// Pulls these nodes' cables, and no others any more: nothing reaches them or leaves them, their
  /// clients' packets included.
  void unplug(Collection<String> nodes) throws IOException, InterruptedException;

  /// Takes everything back, but for [#unplug].
  void heal() throws IOException, InterruptedException;

  /// Packets that were dropped, delayed or held back since the last [#heal]: the proof that a fault
  /// took hold.
  long touched() throws IOException, InterruptedException;
}
