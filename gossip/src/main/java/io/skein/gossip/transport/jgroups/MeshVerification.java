package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.jgroups.Inquest.Outcome;
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

/// VERIFY_SUSPECT2 that does not wait for the dead, and is in no hurry with the busy.
///
/// JGroups asks a suspect whether it lives, and gives it a fixed time to answer, whatever else is
/// known. Here its ports are dialled: the failure detector's first, which takes a connection for no
/// more than that, then the mesh port. If both refuse, nobody is waited for ([Inquest]). Whoever
/// else tells of a suspicion only makes this node look: it believes what it dialled itself.
///
/// | who suspects | gone | there | silent |
/// | --- | --- | --- | --- |
/// | the transport, whose connection closed | at once | no | no |
/// | the detector, whose neighbour closed or is slow to answer | at once | no | unless it answers |
/// | silence | at once | unless it answers | unless it answers |
final class MeshVerification extends VERIFY_SUSPECT2 {
  private static final Duration UNTIL_TOLD_AGAIN = Duration.ofMillis(500);

  private final InetAddress from;
  private final Duration limit;
  private final Set<Address> lookedAt = ConcurrentHashMap.newKeySet();
  private final Set<Address> doubted = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final LongAdder cleared = new LongAdder();
  private volatile Set<Address> inView = Set.of();

  /// @param from where connections of the mesh are dialled from
  MeshVerification(JGroupsTimers timers, InetAddress from) {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(VERIFY_SUSPECT2.class));
    setTimeout(timers.verify().toMillis());
    this.from = from;
    this.limit = timers.connect();
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

  /// As [#lookAt], for members that the failure detector suspects.
  void doubt(Collection<Address> members) {
    doubted.addAll(members);
    lookAt(members);
  }

  /// How often a member that was looked at was not gone.
  long cleared() {
    return cleared.sum();
  }

  private void inquire(Address member) {
    try {
      while (inView.contains(member) && outcome(member) instanceof Outcome.Gone) {
        log.debug("%s: nobody listens any more at %s", local_addr, member);
        up_prot.up(new Event(Event.SUSPECT, listOf(member)));
        // While views are merged, suspects are forgotten.
        if (stopped.await(UNTIL_TOLD_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      lookedAt.remove(member);
      doubted.remove(member);
    }
  }

  private Outcome outcome(Address member) throws InterruptedException {
    Outcome outcome = dialled(member);
    boolean suspected = doubted.remove(member);
    switch (outcome) {
      case Outcome.Gone _ -> {}
      case Outcome.There _ -> {
        cleared.increment();
        if (suspected) {
          down_prot.down(new Event(Event.UNSUSPECT, member));
        }
      }
      case Outcome.Silent _ -> {
        cleared.increment();
        if (suspected) {
          super.up(new Event(Event.SUSPECT, listOf(member)));
        }
      }
    }
    return outcome;
  }

  private static List<Address> listOf(Address member) {
    return new ArrayList<>(List.of(member));
  }

  private Outcome dialled(Address member) throws InterruptedException {
    Object at = down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    if (!(at instanceof IpAddress address)) {
      return new Outcome.Silent();
    }
    InetSocketAddress port = new InetSocketAddress(address.getIpAddress(), address.getPort());
    for (int round = 0; ; round++) {
      switch (Inquest.of(round, PortState.ofMember(port, from, limit))) {
        case Outcome outcome -> {
          return outcome;
        }
        case Verdict.AskAgain(Duration after) -> {
          if (stopped.await(after.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Outcome.Silent();
          }
        }
      }
    }
  }

  @Override
  public synchronized void stop() {
    stopped.countDown();
    super.stop();
  }
}
