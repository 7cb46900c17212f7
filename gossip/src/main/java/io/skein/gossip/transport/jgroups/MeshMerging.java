package io.skein.gossip.transport.jgroups;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.MergeView;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PingData;
import org.jgroups.util.NameCache;
import org.jspecify.annotations.Nullable;

/// MERGE3 that is sooner, and reaches further.
///
/// Every member tells all it can find of its view, every 1.5 to 4.5 s by default. The one that
/// leads the merge has to be told by somebody of the other part, and JGroups looks at what it was
/// told once in a while. Here
/// - who is asked by one that is not in its view tells that one at once, so that the search of
///   either side is enough;
/// - views are compared a quarter of the shortest pause after the first word of another one, and
///   not after all parts were heard of: two of them merge, a third follows;
/// - the views themselves are waited for as long as an answer may take. JGroups waits a tenth of
///   the time between comparisons: with one a second, parts whose round trip takes more than 100 ms
///   asked each other for ever;
/// - views that have become old meanwhile merge nothing. While one does not answer, the others may
///   have merged: who goes by what they said before throws out whom they took in;
/// - views with the same number and the same creator, and other members, are two. JGroups takes
///   them for one and leaves them alone for ever. They come about where one merge was not heard of
///   by whom it made the coordinator, who then takes the same number for another one. So whoever
///   tells of a view tells the hash of its members with it, behind the name: who has the other one
///   may be in it, and who leads the merge has to know;
/// - who hears of views looks whether it still tells of its own and compares: now and then a member
///   does neither any more after a view that came by two messages at once, and the others waited
///   for it to lead the merge, for good;
/// - a view that a merge has just made is waited for where it has not arrived yet, instead of
///   merging with those who still tell of the one before. They would not answer, being busy with
///   the first merge, and whoever led the second one would throw them out.
class MeshMerging extends MERGE3 {
  private static final Duration ANSWERS = Duration.ofSeconds(1);

  /// What is lost is sent again every half a second.
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(2);

  /// Between a member's name and the hash of its view's members.
  private static final String HASH = "\u0000";

  private final LongSupplier nanos;
  private final long compareMillis;
  private final Object comparing = new Object();
  private final AtomicBoolean soon = new AtomicBoolean();
  private final PartedPeers parted;
  private final Map<Address, String> hashes = new ConcurrentHashMap<>();
  private volatile long installedNanos;
  private volatile boolean connected;

  /// @param parted is told of views, this node's and others'
  /// @param nanos as [System#nanoTime]
  MeshMerging(JGroupsTimers timers, PartedPeers parted, LongSupplier nanos) {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(MERGE3.class));
    setMinInterval(timers.mergeLeast().toMillis());
    setMaxInterval(timers.mergeMost().toMillis());
    this.compareMillis = timers.mergeLeast().toMillis();
    this.parted = parted;
    this.nanos = nanos;
  }

  @Override
  public @Nullable Object down(Event event) {
    if (event.getType() == Event.VIEW_CHANGE) {
      View next = event.arg();
      parted.view(next.getMembers());
      installedNanos = nanos.getAsLong();
      connected = true;
    } else if (event.getType() == Event.DISCONNECT) {
      connected = false;
    }
    return super.down(event);
  }

  @Override
  public void clearViews() {
    super.clearViews();
    hashes.clear();
  }

  /// `asker` looks for members.
  void asked(Address asker, PhysicalAddress at) {
    View now = view;
    if (now != null && !now.containsMember(asker)) {
      sendInfoMessage(new PingData(asker, true, null, at));
    }
  }

  @Override
  protected MergeHeader createInfo() {
    View now = view;
    PhysicalAddress at = (PhysicalAddress) down(new Event(Event.GET_PHYSICAL_ADDRESS, local_addr));
    String name = NameCache.get(local_addr);
    return MergeHeader.createInfo(
        now.getViewId(), (name == null ? "" : name) + HASH + hash(now), at);
  }

  private static String hash(View view) {
    return Integer.toHexString(Arrays.hashCode(view.getMembersRaw()));
  }

  @Override
  protected void addInfo(Address sender, ViewId viewId, String told, PhysicalAddress at) {
    int end = told == null ? -1 : told.lastIndexOf(HASH);
    super.addInfo(sender, viewId, end < 0 ? told : told.substring(0, end), at);
    parted.heard(sender, viewId);
    View now = view;
    if (now == null || sender.equals(local_addr)) {
      return;
    }
    if (connected
        && !isViewConsistencyCheckerRunning()
        && nanos.getAsLong() - installedNanos > ON_ITS_WAY.toNanos()) {
      compareAnew();
    }
    if (end >= 0) {
      hashes.put(sender, told.substring(end + HASH.length()));
    }
    if ((!viewId.equals(now.getViewId()) || isTwin(sender, now))
        && soon.compareAndSet(false, true)) {
      var _ = timer.schedule(this::compare, compareMillis / 4, TimeUnit.MILLISECONDS);
    }
  }

  /// What seems to be over may be between two turns, and would go on beside the new one.
  private synchronized void compareAnew() {
    stopInfoSender();
    stopViewConsistencyChecker();
    startInfoSender();
    startViewConsistencyChecker();
  }

  private void compare() {
    soon.set(false);
    // while a view is being installed nothing is compared
    if (isViewConsistencyCheckerRunning()) {
      new Comparison().run();
    }
  }

  @Override
  protected synchronized void startViewConsistencyChecker() {
    if (!isViewConsistencyCheckerRunning()) {
      view_consistency_checker = timer.scheduleWithDynamicInterval(new Comparison());
    }
  }

  /// Who tells of a view that is called like ours and is another one.
  private Set<Address> twins() {
    View own = view;
    Set<Address> twins = new TreeSet<>();
    synchronized (views) {
      views.forEach((teller, viewId) -> {
        if (viewId.equals(own.getViewId()) && isTwin(teller, own)) {
          twins.add(teller);
        }
      });
    }
    return twins;
  }

  /// Whether it is another view by the same name that somebody tells of.
  private boolean isTwin(Address teller, View own) {
    String told = hashes.get(teller);
    return !own.containsMember(teller) || (told != null && !told.equals(hash(own)));
  }

  /// Whose views are asked for: of each view we heard of, its creator and somebody who told of it;
  /// and who tells of another one by our name.
  private Set<Address> leaders() {
    Set<Address> leaders = twins();
    if (!leaders.isEmpty()) {
      leaders.add(local_addr);
    }
    convertViews()
        .forEach((viewId, tellers) -> {
          leaders.add(viewId.getCreator());
          tellers.stream().findFirst().ifPresent(leaders::add);
        });
    return leaders;
  }

  /// Whether it became part of ours a moment ago, so that those who tell of it will have ours.
  private boolean merged(View told) {
    return view instanceof MergeView own
        && nanos.getAsLong() - installedNanos < ON_ITS_WAY.toNanos()
        && own.containsMembers(told.getMembersRaw())
        && own.getSubgroups().stream().anyMatch(told::equals);
  }

  /// Tells views apart that have the same name: who has another one than its creator, or than the
  /// first of those that hold it, is taken for the creator of its own.
  private static void nameTwins(Map<Address, View> told) {
    Map<ViewId, View> named = new HashMap<>();
    new TreeMap<>(told).values().forEach(its -> named.putIfAbsent(its.getViewId(), its));
    told.forEach((member, its) -> {
      if (member.equals(its.getCreator())) {
        named.put(its.getViewId(), its);
      }
    });
    told.replaceAll((member, its) -> {
      View first = Objects.requireNonNull(named.get(its.getViewId()));
      return Arrays.equals(first.getMembersRaw(), its.getMembersRaw())
          ? its
          : new View(member, its.getViewId().getId(), its.getMembers());
    });
  }

  private Map<Address, View> viewsOf(Set<Address> members) {
    view_rsps.reset(members);
    for (Address member : members) {
      if (member.equals(local_addr)) {
        view_rsps.add(member, view);
      } else {
        down_prot.down(
            new EmptyMessage(member).putHeader(getId(), MergeHeader.createViewRequest()));
      }
    }
    view_rsps.waitForAllResponses(ANSWERS.toMillis());
    Map<Address, View> told = new HashMap<>();
    view_rsps
        .getResults()
        .forEach((member, its) -> {
          if (its != null) {
            told.put(member, its);
          }
        });
    view_rsps.reset();
    return told;
  }

  /// What JGroups does every while.
  final class Comparison extends ViewConsistencyChecker {
    @Override
    public void run() {
      synchronized (comparing) {
        if (twins().isEmpty()) {
          super.run();
        } else {
          synchronized (views) {
            views.put(local_addr, view.getViewId());
          }
          _run();
          clearViews();
        }
      }
    }

    @Override
    protected void _run() {
      ViewId before = view.getViewId();
      Set<Address> leaders = leaders();
      Map<Address, View> told = viewsOf(leaders);
      if (told.size() < leaders.size()) {
        leaders = Set.copyOf(told.keySet());
        told = viewsOf(leaders);
      }
      boolean recent = told.size() == leaders.size() && before.equals(view.getViewId());
      told.values().removeIf(MeshMerging.this::merged);
      nameTwins(told);
      if (recent && !View.sameViews(told.values())) {
        up_prot.up(new Event(Event.MERGE, told));
      }
    }

    @Override
    public long nextInterval() {
      return compareMillis;
    }
  }
}
