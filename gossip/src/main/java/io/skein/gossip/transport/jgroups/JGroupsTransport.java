package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.Parted;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.SharedBuffer;
import io.skein.gossip.transport.Transport;
import java.net.BindException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import javax.net.ssl.SSLSession;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.fork.ForkChannel;
import org.jgroups.protocols.pbcast.GMS;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [Transport] over TCP, or TLS, by JGroups.
///
/// All traffic is unicast on a fork of one JGroups channel, the first byte of a message its channel
/// number. When no seed answers the node is a mesh of one and merges with the others once they can
/// be reached. When two members of a view carry the same identity, a node restarted before its
/// former life was noticed to be over, the later one in the view is the peer.
///
/// Thread-safe. [#start] blocks until the node is in a mesh, at worst some seconds.
public final class JGroupsTransport implements Transport {
  private static final Duration DRAIN_LIMIT = Duration.ofMillis(500);
  private static final Logger LOG = LoggerFactory.getLogger(JGroupsTransport.class);
  private static final String FORK_ID = "skein";

  private final JGroupsConfig config;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder droppedUnknown = new LongAdder();
  private final LongAdder droppedFull = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final SharedBuffer buffer = SharedBuffer.ofHeap();
  private final LiveSessions live = new LiveSessions();
  private final PartedPeers parted;
  private final JChannel channel;
  private final ForkChannel fork;
  private volatile Runnable beforeClose = () -> {};
  private volatile SortedMap<PeerId, Route> routes = Collections.emptySortedMap();

  private record Route(Address address, PeerQueue queue) {}

  /// Prepares a transport; nothing is opened before [#start].
  ///
  /// @throws TransportException if the bind or advertised host does not resolve
  public JGroupsTransport(JGroupsConfig config) {
    this.config = config;
    this.parted = new PartedPeers(PartedPeers.pause(config.timers()), System::nanoTime);
    try {
      channel = new JChannel(MeshStack.protocols(config, live, parted)).name(config.name());
      channel.addAddressGenerator(() -> PeerAddress.random(config.self(), config.name()));
      fork = new ForkChannel(channel, FORK_ID, FORK_ID);
    } catch (Exception e) {
      throw new TransportException(
          "cannot prepare the transport at " + config.bind() + ": " + e, e);
    }
  }

  /// Has JGroups read what it reads once in a process, which the first transport would have to wait
  /// for: the numbers of its messages and protocols, and by reflection what can be set of each
  /// protocol. Opens nothing. Any thread.
  public static void prepare() {
    JGroupsConfig any =
        new JGroupsConfig(
            "any",
            new PeerId(0, 0),
            "any",
            new MeshAddress("127.0.0.1", 0),
            Optional.empty(),
            List.of(),
            List.of(),
            JGroupsTimers.defaults(),
            Optional.empty());
    new JGroupsTransport(any).close();
  }

  @Override
  public PeerId self() {
    return config.self();
  }

  /// Joins the mesh and begins to receive.
  ///
  /// @throws PortInUseException if the address is taken
  /// @throws TransportException if anything else keeps the node from listening
  @Override
  public void start(Listener listener) {
    if (closed.get() || !started.compareAndSet(false, true)) {
      throw new IllegalStateException("transport: already started or closed");
    }
    try {
      fork.setReceiver(new Inbox(listener));
      GMS membership = channel.getProtocolStack().findProtocol(GMS.class);
      membership.setJoinTimeout(JoinPatience.of(config).toMillis());
      channel.connect(config.meshName());
      fork.connect(config.meshName());
    } catch (Exception e) {
      close();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new PortInUseException(config.bind(), cause);
        }
      }
      throw new TransportException("cannot start the transport at " + config.bind() + ": " + e, e);
    }
  }

  @Override
  public void send(PeerId to, int channelNumber, byte[] payload) {
    Transport.check(channelNumber, payload);
    Route route = routes.get(to);
    if (route == null) {
      droppedUnknown.increment();
      return;
    }
    byte[] bytes = new byte[payload.length + 1];
    bytes[0] = (byte) channelNumber;
    System.arraycopy(payload, 0, bytes, 1, payload.length);
    boolean urgent = channelNumber < FIRST_BULK_CHANNEL;
    Message message = new BytesMessage(route.address(), bytes);
    if (urgent) {
      message.setFlag(Message.Flag.OOB);
    }
    route.queue().offer(message, urgent);
  }

  /// Where the peers of the view listen, as far as known: it may take a moment after a view.
  public SortedMap<PeerId, MeshAddress> addresses() {
    SortedMap<PeerId, MeshAddress> addresses = new TreeMap<>();
    routes.forEach(
        (peer, route) -> physical(route.address()).ifPresent(at -> addresses.put(peer, at)));
    return addresses;
  }

  /// Where this node itself is reached; empty before [#start].
  public Optional<MeshAddress> address() {
    Address own = channel.getAddress();
    return own == null ? Optional.empty() : physical(own);
  }

  private Optional<MeshAddress> physical(Address member) {
    return channel.down(new Event(Event.GET_PHYSICAL_ADDRESS, member)) instanceof PhysicalAddress at
            && at.getIpAddress() != null
        ? Optional.of(new MeshAddress(at.getIpAddress().getHostAddress(), at.getPort()))
        : Optional.empty();
  }

  /// Closes every connection whose TLS session is not `welcome`, whoever made it; returns how many.
  /// Whether they come back is the key and trust managers' business. Any thread; does not block.
  public int disconnectUnless(Predicate<SSLSession> welcome) {
    return live.closeUnless(welcome);
  }

  /// Who can be heard and is not in the view. A healed split is one view within ten seconds: what
  /// lasts much longer does not merge. Any thread.
  public Parted parted() {
    return parted.now();
  }

  /// Leaves all others for a view of this node alone, which has no part in what keeps the present
  /// one from being merged: state of connections to members is dropped, and so is a merge under
  /// way. The others need not notice; they and this node merge as parts of a split do, within
  /// seconds. Views come as after a split, here and on channels that are shared. Does nothing
  /// before [#start] is over and after [#close]. Any thread; does not block.
  public void rejoin() {
    if (channel.isConnected()) {
      Thread.ofVirtual().name("skein-rejoin").start(this::installViewOfItself);
    }
  }

  private void installViewOfItself() {
    GMS membership = channel.getProtocolStack().findProtocol(GMS.class);
    Address self = channel.getAddress();
    if (membership.view() == null || self == null) {
      return;
    }
    membership.cancelMerge();
    // nobody joins and nobody leaves: only for its number, which is later than any seen
    View next = membership.getNextView(List.of(), List.of(), List.of());
    LOG.info("leaves its view of {} to be taken in anew", membership.view().size());
    membership.installView(View.create(self, next.getViewId().getId(), self));
  }

  /// What was sent, received and dropped so far.
  public TransportCounters counters() {
    return new TransportCounters(
        sent.sum(), received.sum(), droppedUnknown.sum(), droppedFull.sum(), malformed.sum());
  }

  /// The channel underneath, which a replicated cache may share: our own messages pass it by on
  /// their fork, so its up handler is free. Whoever shares it must neither connect nor close it
  /// before [#beforeClose] was run.
  public JChannel channel() {
    return channel;
  }

  /// Runs `action` in [#close], when everything of our own is said and the channel is still open.
  /// It may close the channel.
  public void beforeClose(Runnable action) {
    beforeClose = action;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      drain();
      install(Collections.emptySortedMap());
      fork.close();
      beforeClose.run();
      channel.close();
    }
  }

  /// What was handed over before the end, a goodbye most of all, still goes out.
  private void drain() {
    long deadline = System.nanoTime() + DRAIN_LIMIT.toNanos();
    try {
      for (Route route : routes.values()) {
        route.queue().awaitEmpty(deadline);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void install(SortedMap<PeerId, Address> members) {
    SortedMap<PeerId, Route> next = new TreeMap<>();
    members.forEach((peer, address) -> {
      Route known = routes.get(peer);
      boolean same = known != null && known.address().equals(address);
      next.put(peer, same ? known : route(peer, address));
    });
    for (Map.Entry<PeerId, Route> old : routes.entrySet()) {
      if (!old.getValue().equals(next.get(old.getKey()))) {
        old.getValue().queue().stop();
      }
    }
    routes = next;
  }

  private Route route(PeerId peer, Address address) {
    return new Route(address, new PeerQueue(peer.toString(), buffer, droppedFull, this::transmit));
  }

  private boolean transmit(Message message) throws InterruptedException {
    try {
      fork.send(message);
      sent.increment();
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      boolean open = fork.isConnected();
      if (open) {
        LOG.warn("a message to {} was not sent: {}", message.getDest(), e.toString());
      }
      return open;
    }
  }

  /// Turns what JGroups delivers into what a [Listener] understands.
  private final class Inbox implements Receiver {
    private final Listener listener;

    Inbox(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void receive(Message message) {
      Optional<PeerId> from = PeerAddress.peer(message.getSrc());
      if (from.isEmpty() || !message.hasArray() || message.getLength() < 1) {
        malformed.increment();
      } else if (!closed.get() && !from.get().equals(config.self())) {
        byte[] bytes = message.getArray();
        int start = message.getOffset();
        byte[] payload = new byte[message.getLength() - 1];
        System.arraycopy(bytes, start + 1, payload, 0, payload.length);
        received.increment();
        listener.message(from.get(), bytes[start] & 0xff, payload);
      }
    }

    @Override
    public void viewAccepted(View view) {
      if (closed.get()) {
        return;
      }
      SortedMap<PeerId, Address> members = new TreeMap<>();
      List<Address> strangers = new ArrayList<>();
      for (Address member : view.getMembers()) {
        Optional<PeerId> peer = PeerAddress.peer(member);
        peer.ifPresentOrElse(id -> members.put(id, member), () -> strangers.add(member));
      }
      members.remove(config.self());
      if (!strangers.isEmpty()) {
        LOG.warn("members without an identity are ignored: {}", strangers);
      }
      install(members);
      listener.view(Collections.unmodifiableSortedSet(new TreeSet<>(members.keySet())));
    }
  }
}
