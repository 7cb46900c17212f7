package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.skein.gossip.Await;
import io.skein.gossip.transport.MeshAddress;
import io.skein.gossip.transport.PeerId;
import io.skein.gossip.transport.TransportContract.Heard;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FlowControl;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.MergeId;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes that can reach each other end up in one view, however they came apart.
@Tag("net")
final class SplitIT {
  // one cut off that does not know it, one that sees nobody, a circle, all alone, and one whose
  // view may get the same name as that which the others merge to
  private static final List<List<Integer>> FEW =
      List.of(
          List.of(7, 6, 6), List.of(1, 7, 7), List.of(3, 6, 5), List.of(1, 2, 4), List.of(5, 2, 6));

  private final List<Member> members = new ArrayList<>();

  private record Member(PeerId id, JGroupsTransport transport, Heard heard) {
    MeshAddress address() {
      return transport.address().orElseThrow();
    }

    Address member() {
      return transport.channel().getAddress();
    }

    View view() {
      return transport.channel().getView();
    }
  }

  private Member join(long number, List<MeshAddress> seeds) {
    return join(number, seeds, LoopbackMesh.FAST);
  }

  private Member join(long number, int port, List<MeshAddress> seeds) {
    return join(number, port, seeds, LoopbackMesh.FAST);
  }

  private Member join(long number, List<MeshAddress> seeds, JGroupsTimers timers) {
    return join(number, 0, seeds, timers);
  }

  private Member join(long number, int port, List<MeshAddress> seeds, JGroupsTimers timers) {
    PeerId id = new PeerId(0, number);
    Member member =
        new Member(
            id,
            new JGroupsTransport(LoopbackMesh.config(id, port, seeds, timers, Optional.empty())),
            new Heard());
    members.add(member);
    member.transport().start(member.heard());
    return member;
  }

  @AfterEach
  void closeAll() {
    members.reversed().forEach(member -> member.transport().close());
  }

  /// Two that have met by a seed which is gone have never asked each other.
  @Test
  void twoMergeThoughTheSeedByWhichTheyMetIsGone() throws Exception {
    Member seed = join(1, List.of());
    Member one = join(2, List.of(seed.address()));
    Member other = join(3, List.of(seed.address()));
    assertTrue(Await.await(() -> one.heard().view.equals(Set.of(seed.id(), other.id()))));
    assertTrue(Await.await(() -> other.heard().view.equals(Set.of(seed.id(), one.id()))));
    seed.transport().close();
    assertTrue(Await.await(() -> one.heard().view.equals(Set.of(other.id()))), "the seed is gone");
    part(one, other);
    assertTrue(
        Await.await(() ->
            one.heard().view.equals(Set.of(other.id()))
                && other.heard().view.equals(Set.of(one.id()))),
        "merged");
  }

  /// One of them leads the merge and has to be told of the other's view, also where that one does
  /// not search.
  @ParameterizedTest(name = "the first does not search: {0}")
  @ValueSource(booleans = {true, false})
  void theSearchOfOneIsEnough(boolean first) throws Exception {
    Member one = join(1, List.of());
    Member other = join(2, List.of(one.address()));
    assertTrue(Await.await(() -> one.heard().view.equals(Set.of(other.id()))));
    assertTrue(Await.await(() -> other.heard().view.equals(Set.of(one.id()))));
    ProtocolStack idle = (first ? one : other).transport().channel().getProtocolStack();
    MERGE3 merging = idle.findProtocol(MERGE3.class);
    MeshDiscovery search = idle.findProtocol(MeshDiscovery.class);
    merging.setMaxInterval(Duration.ofMinutes(10).toMillis());
    int before = search.getNumberOfDiscoveryRequestsSent();
    discard(one, true);
    discard(other, true);
    assertTrue(
        Await.await(() -> one.heard().view.isEmpty() && other.heard().view.isEmpty()), "parted");
    assertTrue(
        Await.await(() -> search.getNumberOfDiscoveryRequestsSent() > before),
        "it searched once, in vain");
    discard(one, false);
    discard(other, false);
    assertTrue(
        Await.await(() ->
            one.heard().view.equals(Set.of(other.id()))
                && other.heard().view.equals(Set.of(one.id()))),
        "merged");
  }

  /// Between regions an answer takes longer than a comparison of views is due.
  @Test
  void twoThatAreFarFromEachOtherMerge() throws Exception {
    JGroupsTimers usual = JGroupsTimers.defaults();
    Member one = join(1, List.of(), usual);
    Member other = join(2, List.of(one.address()), usual);
    assertTrue(Await.await(() -> one.heard().view.equals(Set.of(other.id()))));
    assertTrue(Await.await(() -> other.heard().view.equals(Set.of(one.id()))));
    for (Member member : List.of(one, other)) {
      member
          .transport()
          .channel()
          .getProtocolStack()
          .insertProtocol(new Far(), ProtocolStack.Position.ABOVE, TP.class);
    }
    part(one, other);
    assertTrue(
        Await.await(() ->
            one.heard().view.equals(Set.of(other.id()))
                && other.heard().view.equals(Set.of(one.id()))),
        "merged");
  }

  /// JGroups once lost what it keeps of a member for flow control when views came in quick
  /// succession (its issue 1048): who sends to that one is never given credits again.
  @Test
  void whoIsNotInAPeersBooksIsHeardAllTheSame() throws Exception {
    Member one = join(1, List.of());
    Member other = join(2, List.of(one.address()));
    assertTrue(Await.await(() -> one.heard().view.equals(Set.of(other.id()))));
    assertTrue(Await.await(() -> other.heard().view.equals(Set.of(one.id()))));
    UFC books = other.transport().channel().getProtocolStack().findProtocol(UFC.class);
    Field received = FlowControl.class.getDeclaredField("received");
    received.setAccessible(true);
    assertTrue(((Map<?, ?>) received.get(books)).remove(one.member()) != null);
    int messages = 24;
    for (int i = 1; i <= messages; i++) {
      int sent = i;
      one.transport().send(other.id(), 20, new byte[1 << 20]);
      assertTrue(Await.await(() -> other.heard().messages.size() >= sent), "message " + i);
    }
  }

  private void part(Member one, Member other) throws Exception {
    discard(one, true);
    discard(other, true);
    assertTrue(
        Await.await(() -> one.heard().view.isEmpty() && other.heard().view.isEmpty()), "parted");
    discard(one, false);
    discard(other, false);
  }

  private static void discard(Member member, boolean all) throws Exception {
    ProtocolStack stack = member.transport().channel().getProtocolStack();
    if (all) {
      DISCARD discard = new DISCARD().setAddress(member.member()).discardAll(true);
      stack.insertProtocol(discard, ProtocolStack.Position.ABOVE, TP.class);
    } else {
      stack.removeProtocol(DISCARD.class);
    }
  }

  /// Everything comes 60 ms late.
  private static final class Far extends Protocol {
    private static final long MILLIS = 60;

    @Override
    public Object up(Message message) {
      var _ =
          getTransport()
              .getTimer()
              .schedule((Runnable) () -> up_prot.up(message), MILLIS, TimeUnit.MILLISECONDS);
      return message;
    }

    @Override
    public void up(MessageBatch batch) {
      batch.forEach(this::up);
    }
  }

  /// What each of three nodes may hold to be the view, as bits: all 63 ways to hold itself and
  /// others but the sound one. A few of them unless `-Dnightly=true`; `-Dsplit.views="[3, 6, 5]"`
  /// that one.
  static List<List<Integer>> views() {
    List<List<Integer>> all = new ArrayList<>();
    for (int a = 0; a < 8; a++) {
      for (int b = 0; b < 8; b++) {
        for (int c = 0; c < 8; c++) {
          if ((a & 1) != 0 && (b & 2) != 0 && (c & 4) != 0 && (a & b & c) != 7) {
            all.add(List.of(a, b, c));
          }
        }
      }
    }
    String only = System.getProperty("split.views", "");
    if (!only.isEmpty()) {
      return all.stream().filter(each -> only.contains(each.toString())).toList();
    }
    return Boolean.getBoolean("nightly") ? all : all.stream().filter(FEW::contains).toList();
  }

  @ParameterizedTest(name = "views {0}")
  @MethodSource("views")
  void whateverTheyTakeForTheViewTheyEndInOne(List<Integer> views) {
    Member first = join(1, List.of());
    join(2, List.of(first.address()));
    join(3, List.of(first.address()));
    assertTrue(Await.await(this::one), "one at first");
    long id = first.view().getViewId().getId();
    for (int i = 0; i < 3; i++) {
      int bits = views.get(i);
      List<Address> held = new ArrayList<>();
      for (int j = 0; j < 3; j++) {
        if ((bits >> j & 1) != 0) {
          held.add(members.get(j).member());
        }
      }
      GMS gms = membership(members.get(i));
      if (bits != 7) {
        gms.installView(View.create(held.getFirst(), id + 1 + bits, held.toArray(Address[]::new)));
      }
    }
    long start = System.nanoTime();
    assertTrue(Await.await(this::one), "one in the end");
    System.out.println(views + " merged after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(2, first.heard().view.size());
  }

  /// A merge made the first the coordinator of a view without the fourth, and only the second heard
  /// of it; then the first took the same number for a view of all.
  @Test
  void whoHoldsAnotherViewByTheNameOfThatInWhichItIsIsTakenIn() {
    Member first = join(1, List.of());
    for (int i = 2; i <= 4; i++) {
      join(i, List.of(first.address()));
    }
    assertTrue(Await.await(this::one), "one at first");
    long id = first.view().getViewId().getId() + 1;
    List<Address> all = members.stream().map(Member::member).toList();
    for (int i = 0; i < 4; i++) {
      List<Address> held = i == 1 ? all.subList(0, 3) : all;
      GMS gms = membership(members.get(i));
      gms.installView(View.create(first.member(), id, held.toArray(Address[]::new)));
    }
    assertEquals(3, members.get(1).view().size());
    assertTrue(Await.await(this::one), "one in the end");
  }

  /// Who leads a merge waits for the answers of all it asked, three seconds.
  @Test
  void nobodyWaitsForWhoIsBusyWithAnotherMerge() {
    Member first = join(1, List.of());
    join(2, List.of(first.address()));
    join(3, List.of(first.address()));
    assertTrue(Await.await(this::one), "one at first");
    long id = first.view().getViewId().getId() + 1;
    // the first of those that merge leads
    List<Member> ordered = members.stream().sorted(Comparator.comparing(Member::member)).toList();
    Member busy = ordered.getLast();
    assertTrue(
        membership(busy).getMerger().setMergeId(null, MergeId.create(UUID.randomUUID())), "busy");
    for (Member member : members) {
      membership(member).installView(View.create(member.member(), id, member.member()));
    }
    long start = System.nanoTime();
    assertTrue(
        Await.await(() -> ordered.getFirst().view().containsMember(ordered.get(1).member())),
        "the others merge");
    assertTrue(
        System.nanoTime() - start
            < TimeUnit.MILLISECONDS.toNanos(membership(first).getMergeTimeout()),
        "without waiting for it");
    assertTrue(Await.await(this::one), "one in the end");
  }

  /// That the leader has given a merge up arrived before its question, or never.
  @Test
  void whoWasAskedIntoAMergeThatIsOverIsFreeForTheSameLeader() {
    Member first = join(1, List.of());
    join(2, List.of(first.address()));
    assertTrue(Await.await(this::one), "one at first");
    long id = first.view().getViewId().getId() + 1;
    List<Member> ordered = members.stream().sorted(Comparator.comparing(Member::member)).toList();
    Address leader = ordered.getFirst().member();
    MergeId over = MergeId.create(leader);
    if (!(membership(ordered.getLast()) instanceof MeshMembership asked)) {
      throw new AssertionError("another membership");
    }
    assertTrue(asked.getMerger().setMergeId(null, over), "busy");
    asked.handle(
        new GMS.GmsHeader(GMS.GmsHeader.MERGE_REQ).mergeId(over),
        new EmptyMessage().setSrc(leader));
    for (Member member : members) {
      membership(member).installView(View.create(member.member(), id, member.member()));
    }
    long start = System.nanoTime();
    assertTrue(Await.await(this::one), "one in the end");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println("one after " + millis + " ms");
    assertTrue(millis < membership(first).getMergeTimeout(), millis + " ms");
  }

  /// Two coordinators with almost the same members: the first is in both parts, knows its own only
  /// and gives its digest to a merge that leaves it out.
  @Test
  void whoIsLeftOutOfAMergeIsFreeForTheNext() {
    Member first = join(1, List.of());
    for (int i = 2; i <= 5; i++) {
      join(i, List.of(first.address()));
    }
    assertTrue(Await.await(this::one), "one at first");
    long id = first.view().getViewId().getId() + 1;
    List<Address> of = members.stream().map(Member::member).toList();
    View all = View.create(of.get(3), id, of.get(3), of.get(4), of.get(2), of.get(0), of.get(1));
    View others = View.create(of.get(2), id + 1, of.get(2), of.get(4), of.get(3), of.get(1));
    for (int i = 0; i < 5; i++) {
      membership(members.get(i)).installView(i < 3 ? all : others);
    }
    long start = System.nanoTime();
    assertTrue(Await.await(this::one), "one in the end");
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    System.out.println("one after " + millis + " ms");
    assertTrue(millis < 2 * membership(first).getMergeTimeout(), millis + " ms");
  }

  /// Where its detector should listen somebody else takes connections and says nothing.
  @Test
  void noViewWaitsForANeighbourThatDoesNotAnswer() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int port = silent.getLocalPort() - 100;
      assertEquals(silent.getLocalPort(), MeshStack.detectorPort(port));
      Member one = join(1, List.of());
      Member other = join(2, port, List.of(one.address()));
      assertTrue(Await.await(this::one), "one at first");
      long id = one.view().getViewId().getId();
      membership(one).installView(View.create(one.member(), id + 1, one.member()));
      long start = System.nanoTime();
      membership(one).installView(View.create(one.member(), id + 2, one.member(), other.member()));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      System.out.println("installed after " + millis + " ms");
      assertTrue(millis < 500, millis + " ms");
    }
  }

  private static GMS membership(Member member) {
    return member.transport().channel().getProtocolStack().findProtocol(GMS.class);
  }

  private boolean one() {
    return members.stream().allMatch(each -> each.view().size() == members.size())
        && members.stream().map(each -> each.view().getViewId()).distinct().count() == 1;
  }
}
