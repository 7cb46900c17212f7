package io.skein.gossip.transport.jgroups;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.ViewId;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.PingData;

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
///   asked each other for ever.
final class MeshMerging extends MERGE3 {
  private static final Duration ANSWERS = Duration.ofSeconds(1);
  // JGroups waits for answers a tenth of what it takes for the time between comparisons.
  private static final int JGROUPS_PART = 10;

  private final long compareMillis;
  private final Object comparing = new Object();
  private final AtomicBoolean soon = new AtomicBoolean();

  MeshMerging(JGroupsTimers timers) {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(MERGE3.class));
    setMinInterval(timers.mergeLeast().toMillis());
    setMaxInterval(timers.mergeMost().toMillis());
    this.compareMillis = timers.mergeLeast().toMillis();
  }

  @Override
  public void init() throws Exception {
    super.init();
    setCheckInterval(ANSWERS.toMillis() * JGROUPS_PART);
  }

  /// `asker` looks for members.
  void asked(Address asker, PhysicalAddress at) {
    View now = view;
    if (now != null && !now.containsMember(asker)) {
      sendInfoMessage(new PingData(asker, true, null, at));
    }
  }

  @Override
  protected void addInfo(Address sender, ViewId viewId, String name, PhysicalAddress at) {
    super.addInfo(sender, viewId, name, at);
    View now = view;
    if (now != null
        && !sender.equals(local_addr)
        && !viewId.equals(now.getViewId())
        && soon.compareAndSet(false, true)) {
      var _ = timer.schedule(this::compare, compareMillis / 4, TimeUnit.MILLISECONDS);
    }
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

  private final class Comparison extends ViewConsistencyChecker {
    @Override
    public void run() {
      synchronized (comparing) {
        super.run();
      }
    }

    @Override
    public long nextInterval() {
      return compareMillis;
    }
  }
}
