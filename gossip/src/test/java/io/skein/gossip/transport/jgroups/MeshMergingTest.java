package io.skein.gossip.transport.jgroups;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Event;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.protocols.MERGE3;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which views are merged, where members answer late, not at all, or merge meanwhile.
final class MeshMergingTest {
  private final Address self = UUID.randomUUID();
  private final Address near = UUID.randomUUID();
  private final Address far = UUID.randomUUID();
  private final View alone = View.create(self, 0, self);
  private final View pair = View.create(near, 7, near, far);
  private final View all = View.create(near, 8, near, far, self);
  private final Above above = new Above();
  private final Merging merging = new Merging();

  /// What others answer, by how often they were asked.
  private final Map<Address, List<View>> answers = new HashMap<>();

  private Consumer<Address> onAsked = _ -> {};
  private long nanos;
  private int starts;

  private final class Merging extends MeshMerging {
    Merging() {
      super(
          JGroupsTimers.defaults(),
          new PartedPeers(Duration.ofSeconds(1), () -> nanos),
          () -> nanos);
      local_addr = self;
      view = alone;
      setUpProtocol(above);
      setDownProtocol(new Below());
    }

    void install(View next) {
      down(new Event(Event.VIEW_CHANGE, next));
    }

    @Override
    protected synchronized void startInfoSender() {}

    @Override
    protected synchronized void startViewConsistencyChecker() {
      starts++;
    }

    void hear(Address of, View its) {
      views.put(of, its.getViewId());
    }
  }

  /// Those who merge.
  private static final class Above extends Protocol {
    private final List<Map<Address, View>> merges = new ArrayList<>();

    @Override
    public @Nullable Object up(Event event) {
      if (event.getType() == Event.MERGE) {
        merges.add(event.arg());
      }
      return null;
    }
  }

  /// The others.
  private final class Below extends Protocol {
    @Override
    public @Nullable Object down(Event event) {
      return null;
    }

    @Override
    public @Nullable Object down(Message message) {
      Address asked = message.getDest();
      onAsked.accept(asked);
      List<View> left = answers.getOrDefault(asked, new ArrayList<>());
      if (!left.isEmpty()) {
        merging.up(
            new BytesMessage(self)
                .setSrc(asked)
                .setArray(MERGE3.marshal(left.removeFirst()))
                .putHeader(merging.getId(), MERGE3.MergeHeader.createViewResponse()));
      }
      return null;
    }
  }

  private void answers(Address who, View... views) {
    answers.put(who, new ArrayList<>(List.of(views)));
  }

  private void compare() {
    merging.new Comparison().run();
  }

  @Test
  void mergesWhatAllTell() {
    merging.hear(near, pair);
    answers(near, pair);
    compare();
    assertEquals(List.of(Map.of(self, alone, near, pair)), above.merges);
  }

  @Test
  void mergesNothingThatHasMergedMeanwhile() {
    merging.hear(near, pair);
    answers(near, pair);
    onAsked = _ -> merging.install(all);
    compare();
    assertEquals(List.of(), above.merges);
  }

  @Test
  void goesOnComparingWhereThatHasStoppedUnlessItHasLeft() {
    IpAddress at = new IpAddress(InetAddress.getLoopbackAddress(), 7800);
    merging.install(all);
    assertEquals(1, starts);
    nanos = Duration.ofSeconds(1).toNanos();
    merging.addInfo(near, all.getViewId(), "near", at);
    assertEquals(1, starts, "the view is new");
    nanos = Duration.ofSeconds(3).toNanos();
    merging.addInfo(near, all.getViewId(), "near", at);
    assertEquals(2, starts);
    merging.down(new Event(Event.DISCONNECT));
    merging.addInfo(near, all.getViewId(), "near", at);
    assertEquals(2, starts, "it has left");
  }

  @Test
  void asksAgainWhoeverWaitedForOneThatIsSilent() {
    View without = View.create(near, 9, near);
    View other = View.create(far, 3, far);
    merging.hear(near, pair);
    merging.hear(far, other);
    answers(near, pair, without);
    compare();
    assertEquals(List.of(Map.of(self, alone, near, without)), above.merges);
  }

  @Test
  void leavesItWhereAnotherFallsSilent() {
    View other = View.create(far, 3, far);
    merging.hear(near, pair);
    merging.hear(far, other);
    answers(near, pair);
    compare();
    assertEquals(List.of(), above.merges);
  }

  @Test
  void tellsViewsApartThatHaveTheSameName() {
    View twin = View.create(near, 7, near, self);
    merging.install(twin);
    merging.hear(far, pair);
    answers(near, pair);
    answers(far, pair);
    compare();
    View named = View.create(self, 7, near, self);
    assertEquals(List.of(Map.of(near, pair, far, pair, self, named)), above.merges);
  }

  @Test
  void leavesAloneWhoTellsOfTheSameView() {
    merging.install(all);
    merging.hear(near, all);
    merging.hear(far, all);
    answers(near, all);
    answers(far, all);
    compare();
    assertEquals(List.of(), above.merges);
  }

  private MergeView mergedBy(Address leader, long number, List<Address> members, View... parts) {
    return new MergeView(leader, number, members, List.of(parts));
  }

  @Test
  void waitsForAViewThatAMergeHasJustMade() {
    MergeView merged = mergedBy(near, 8, List.of(near, far, self), pair, alone);
    merging.install(merged);
    merging.hear(near, pair);
    answers(near, pair);
    compare();
    assertEquals(List.of(), above.merges);
  }

  @Test
  void mergesAgainWhereItDoesNotArrive() {
    MergeView merged = mergedBy(near, 8, List.of(near, far, self), pair, alone);
    merging.install(merged);
    nanos += Duration.ofSeconds(2).toNanos();
    merging.hear(near, pair);
    answers(near, pair);
    compare();
    assertEquals(List.of(Map.of(self, merged, near, pair)), above.merges);
  }

  @Test
  void mergesAtOnceWhoseMembersTheMergeLeftOut() {
    MergeView merged = mergedBy(near, 8, List.of(near, self), pair, alone);
    merging.install(merged);
    merging.hear(near, pair);
    answers(near, pair);
    compare();
    assertEquals(List.of(Map.of(self, merged, near, pair)), above.merges);
  }
}
