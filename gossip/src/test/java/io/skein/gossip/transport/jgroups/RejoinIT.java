package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.Await;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.TransportContract.Heard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node leaves the others to be taken in anew: it comes back, and so does one that nothing else
/// brings back.
@Tag("net")
final class RejoinIT {
  private final List<Member> members = new ArrayList<>();

  private record Member(PeerId id, JGroupsTransport transport, Heard heard) {
    Address member() {
      return transport.channel().getAddress();
    }

    View view() {
      return transport.channel().getView();
    }

    ProtocolStack stack() {
      return transport.channel().getProtocolStack();
    }

    void install(View view) {
      GMS membership = stack().findProtocol(GMS.class);
      membership.installView(view);
    }
  }

  private void mesh(int size) {
    List<MeshAddress> seeds = new ArrayList<>();
    for (int number = 1; number <= size; number++) {
      PeerId id = new PeerId(0, number);
      JGroupsTransport transport =
          new JGroupsTransport(
              LoopbackMesh.config(id, 0, List.copyOf(seeds), LoopbackMesh.FAST, Optional.empty()));
      Member member = new Member(id, transport, new Heard());
      members.add(member);
      transport.start(member.heard());
      seeds.add(transport.address().orElseThrow());
    }
    assertTrue(Await.await(this::one), "one at first");
  }

  @AfterEach
  void closeAll() {
    members.reversed().forEach(member -> member.transport().close());
  }

  private boolean one() {
    return members.stream().allMatch(each -> each.view().size() == members.size())
        && members.stream().map(each -> each.view().getViewId()).distinct().count() == 1;
  }

  /// All are in one view that is later than this one.
  private boolean oneAgain(ViewId before) {
    return one() && members.getFirst().view().getViewId().getId() > before.getId();
  }

  /// Each sends to each, and all of it arrives.
  private void talk() {
    for (Member from : members) {
      for (Member to : members) {
        from.transport().send(to.id(), 3, new byte[] {1});
        from.transport().send(to.id(), 20, new byte[1 << 16]);
      }
    }
    for (Member member : members) {
      assertTrue(
          Await.await(() -> member.heard().messages.size() >= 2 * (members.size() - 1)),
          "heard by " + member.id());
    }
  }

  @ParameterizedTest(name = "member {0} of the view")
  @ValueSource(ints = {0, 1, 2})
  void whoRejoinsIsInOneViewWithTheOthersAgain(int which) {
    mesh(3);
    ViewId before = members.getFirst().view().getViewId();
    long start = System.nanoTime();
    members.get(which).transport().rejoin();
    assertTrue(Await.await(() -> oneAgain(before)), "one again");
    System.out.println(
        "member " + which + " rejoined after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(0, members.get(which).transport().parted().peers().size());
    talk();
  }

  @Test
  void allOfThemMayRejoinAtOnce() {
    mesh(3);
    ViewId before = members.getFirst().view().getViewId();
    members.forEach(each -> each.transport().rejoin());
    assertTrue(Await.await(() -> oneAgain(before)), "one again");
    talk();
  }

  @Test
  void whoIsCutOffByAViewThatNobodyMergesIsOneWithTheOthersAfterItRejoined() throws Exception {
    mesh(3);
    Member first = members.get(0);
    Member second = members.get(1);
    Member third = members.get(2);
    long number = first.view().getViewId().getId();
    View pair = View.create(first.member(), number + 5, first.member(), second.member());
    View alone = View.create(third.member(), number + 6, third.member());
    AtomicInteger left = new AtomicInteger();
    for (Member member : members) {
      member
          .stack()
          .insertProtocol(
              new Blind(alone.getViewId(), left), ProtocolStack.Position.ABOVE, MERGE3.class);
    }
    first.install(pair);
    second.install(pair);
    third.install(alone);

    assertTrue(Await.await(() -> left.get() > 20), "merges that were left");
    assertEquals(List.of(2, 2, 1), members.stream().map(each -> each.view().size()).toList());
    assertTrue(
        Await.await(() ->
            third.transport().parted().peers().keySet().equals(Set.of(first.id(), second.id()))
                && third.transport().parted().largest() == 2
                && first.transport().parted().peers().keySet().equals(Set.of(third.id()))
                && first.transport().parted().largest() == 1),
        () -> "heard of: " + third.transport().parted() + ", " + first.transport().parted());

    long start = System.nanoTime();
    third.transport().rejoin();
    assertTrue(Await.await(this::one), "one in the end");
    System.out.println("one after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(0, third.transport().parted().peers().size());
    assertEquals(0, first.transport().parted().peers().size());
    talk();
  }

  @Test
  void whoHasNotStartedOrHasEndedDoesNotRejoin() {
    JGroupsTransport transport =
        new JGroupsTransport(
            LoopbackMesh.config(
                new PeerId(0, 1), 0, List.of(), LoopbackMesh.FAST, Optional.empty()));
    transport.rejoin();
    Heard heard = new Heard();
    transport.start(heard);
    View view = transport.channel().getView();
    assertEquals(1, view.size());
    transport.close();
    transport.rejoin();
    assertTrue(transport.channel().isClosed());
  }

  /// Merges nothing with one view, as JGroups does with two views that it takes for one.
  private static final class Blind extends Protocol {
    private final ViewId ignored;
    private final AtomicInteger left;

    Blind(ViewId ignored, AtomicInteger left) {
      this.ignored = ignored;
      this.left = left;
    }

    @Override
    public @Nullable Object up(Event event) {
      if (event.getType() == Event.MERGE) {
        Map<Address, View> views = event.arg();
        if (views.values().stream().anyMatch(each -> each.getViewId().equals(ignored))) {
          left.incrementAndGet();
          return null;
        }
      }
      return up_prot.up(event);
    }
  }
}
