package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.jgroups.Inquest.Verdict;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.stack.IpAddress;

/// VERIFY_SUSPECT2 that does not wait for the dead.
///
/// JGroups asks a suspect whether it lives, and waits out the time for its answer whatever else is
/// known. Here its ports are dialled meanwhile: the failure detector's first, which takes a
/// connection for no more than that, then the mesh port. If both refuse, nobody is waited for
/// ([Inquest]). Whoever else tells of a suspicion only makes this node look: it believes what it
/// dialled itself.
///
/// Members whose connections closed are looked at in the same way, by every member for itself and
/// without being suspects: with an open port or without any answer nothing follows.
final class MeshVerification extends VERIFY_SUSPECT2 {
  private static final int PORTS = 65_536;
  private static final int FIRST_PORT = 1_024;

  private final InetAddress from;
  private final Duration limit;
  private final int detectorOffset;
  private final Set<Address> lookedAt = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final LongAdder unproven = new LongAdder();
  private volatile Set<Address> inView = Set.of();

  /// @param from where connections of the mesh are dialled from
  /// @param detectorOffset how far above a mesh port the failure detector's is
  MeshVerification(JGroupsTimers timers, InetAddress from, int detectorOffset) {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(VERIFY_SUSPECT2.class));
    setTimeout(timers.verify().toMillis());
    this.from = from;
    this.limit = timers.connect();
    this.detectorOffset = detectorOffset;
  }

  @Override
  public Object up(Event event) {
    if (event.getType() == Event.SUSPECT) {
      Collection<Address> suspects = event.arg();
      lookAt(suspects);
    }
    return super.up(event);
  }

  @Override
  public Object down(Event event) {
    if (event.getType() == Event.VIEW_CHANGE) {
      View view = event.arg();
      inView = Set.copyOf(view.getMembers());
    }
    return super.down(event);
  }

  /// Looks whether members are gone; those that are looked at already are left out. Does not block.
  void lookAt(Collection<Address> members) {
    for (Address member : members) {
      if (!member.equals(local_addr) && inView.contains(member) && lookedAt.add(member)) {
        Thread.ofVirtual().name("skein-inquest").start(() -> inquire(member));
      }
    }
  }

  /// How often a member that was looked at was not proven to be gone.
  long unproven() {
    return unproven.sum();
  }

  private void inquire(Address member) {
    boolean gone;
    try {
      gone = isGone(member);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      lookedAt.remove(member);
    }
    if (gone && inView.contains(member)) {
      log.debug("%s: nobody listens any more at %s", local_addr, member);
      up_prot.up(new Event(Event.SUSPECT, new ArrayList<>(List.of(member))));
    } else if (!gone) {
      unproven.increment();
    }
  }

  private boolean isGone(Address member) throws InterruptedException {
    Object at = down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    if (!(at instanceof IpAddress address)) {
      return false;
    }
    Verdict verdict = Inquest.of(0, dial(address));
    for (int round = 1;
        verdict instanceof Verdict.AskAgain(Duration after)
            && !stopped.await(after.toMillis(), TimeUnit.MILLISECONDS);
        round++) {
      verdict = Inquest.of(round, dial(address));
    }
    return verdict instanceof Verdict.Gone;
  }

  private PortState dial(IpAddress member) {
    PortState detector = dial(member, detectorPort(member.getPort()));
    return detector == PortState.REFUSED ? dial(member, member.getPort()) : detector;
  }

  // The first of those that FD_SOCK2 tries.
  private int detectorPort(int meshPort) {
    int port = (meshPort + detectorOffset) % PORTS;
    return port < FIRST_PORT ? port + FIRST_PORT : port;
  }

  private PortState dial(IpAddress member, int port) {
    return PortState.of(new InetSocketAddress(member.getIpAddress(), port), from, limit);
  }

  @Override
  public synchronized void stop() {
    stopped.countDown();
    super.stop();
  }
}
