package io.skein.gossip.sim;

import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.Transport;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// One life of one node in a [SimNetwork].
final class SimTransport implements Transport {
  private final PeerId self;
  private final SimNetwork network;
  private Optional<Listener> listener = Optional.empty();
  private SortedSet<PeerId> view = Collections.emptySortedSet();
  private boolean closed;

  SimTransport(PeerId self, SimNetwork network) {
    this.self = self;
    this.network = network;
  }

  @Override
  public PeerId self() {
    return self;
  }

  @Override
  public void start(Listener newListener) {
    if (closed || listener.isPresent()) {
      throw new IllegalStateException("transport: already started or closed");
    }
    listener = Optional.of(newListener);
    network.started(this);
  }

  @Override
  public void send(PeerId to, int channel, byte[] payload) {
    Transport.check(channel, payload);
    if (isStarted() && view.contains(to)) {
      network.send(self, to, channel, payload);
    }
  }

  @Override
  public void close() {
    kill();
    network.closed(this);
  }

  void kill() {
    closed = true;
  }

  boolean isStarted() {
    return listener.isPresent() && !closed;
  }

  SortedSet<PeerId> view() {
    return view;
  }

  void deliver(PeerId from, int channel, byte[] payload) {
    if (isStarted()) {
      listener.get().message(from, channel, payload);
    }
  }

  void deliverView(SortedSet<PeerId> reachable) {
    if (isStarted()) {
      view = Collections.unmodifiableSortedSet(new TreeSet<>(reachable));
      listener.get().view(view);
    }
  }
}
