package io.skein.gossip.directory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.UpHandler;

/// Keeps what peers' caches say to ours until ours listens, at most [#MAX_MESSAGES]: peers wait for
/// answers as soon as the channel is up. Thread-safe.
final class WaitingRoom implements UpHandler {
  static final int MAX_MESSAGES = 1_024;

  private final Deque<Message> waiting = new ArrayDeque<>();

  @Override
  public UpHandler setLocalAddress(Address address) {
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // no event asks for an answer here
  public Object up(Event event) {
    return null;
  }

  @Override
  @SuppressWarnings("NullAway") // no message asks for an answer here
  public synchronized Object up(Message message) {
    if (waiting.size() < MAX_MESSAGES) {
      waiting.add(message);
    }
    return null;
  }

  /// Hands over what waits and forgets it.
  void handOver(UpHandler next) {
    List<Message> all;
    synchronized (this) {
      all = new ArrayList<>(waiting);
      waiting.clear();
    }
    all.forEach(next::up);
  }
}
