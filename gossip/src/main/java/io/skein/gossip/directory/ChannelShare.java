package io.skein.gossip.directory;

import java.util.ArrayList;
import java.util.List;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.UpHandler;
import org.jgroups.View;
import org.jgroups.util.ExtendedUUID;

/// Infinispan's transport on the channel that carries the mesh already.
///
/// The cache asks the first of a view to coordinate it, so it must see only members that have the
/// cache as well: those say so in their address, and every node leaves out the same others.
final class ChannelShare extends JGroupsTransport {
  private static final String KEY = "skein-directory";
  private static final byte FORMAT = 1;

  private final JChannel shared;
  private final WaitingRoom waiting;
  private final Runnable onView;

  /// @param waiting from [#reserve]
  /// @param onView runs after each view, on a thread of JGroups
  ChannelShare(JChannel channel, WaitingRoom waiting, Runnable onView) {
    this.shared = channel;
    this.waiting = waiting;
    this.onView = onView;
  }

  /// Marks this node's address and begins to keep what peers' caches say. Before `channel`
  /// connects.
  static WaitingRoom reserve(JChannel channel) {
    WaitingRoom waiting = new WaitingRoom();
    channel.addAddressGenerator(() -> mark(channel.getName()));
    channel.setUpHandler(waiting);
    return waiting;
  }

  private static Address mark(String name) {
    return org.infinispan.remoting.transport.Address.randomUUID(
            name, org.infinispan.remoting.transport.NodeVersion.INSTANCE, null, null, null)
        .put(KEY, new byte[] {FORMAT});
  }

  // Set here, because the constructor that takes a channel refuses one that is connected.
  @Override
  protected void initChannel() {
    channel = shared;
    super.initChannel();
  }

  @Override
  protected void startJGroupsChannelIfNeeded() {
    super.startJGroupsChannelIfNeeded();
    UpHandler handler = shared.getUpHandler();
    if (handler != waiting) {
      waiting.handOver(handler);
    }
  }

  /// Leaves the channel open: it belongs to the mesh.
  @Override
  @SuppressWarnings("NullAway") // how the superclass knows that there is nothing to close
  public void stop() {
    shared.setUpHandler(waiting);
    channel = null;
    super.stop();
  }

  @Override
  protected void receiveClusterView(View view, boolean onlyIfFirst) {
    super.receiveClusterView(sharing(view), onlyIfFirst);
    onView.run();
  }

  /// The view without the members that have no directory.
  static View sharing(View view) {
    List<Address> members = sharing(view.getMembers());
    if (!(view instanceof MergeView merge)) {
      return new View(view.getViewId(), members);
    }
    List<View> groups = new ArrayList<>();
    for (View group : merge.getSubgroups()) {
      List<Address> some = sharing(group.getMembers());
      if (!some.isEmpty()) {
        groups.add(new View(group.getViewId(), some));
      }
    }
    return new MergeView(view.getViewId(), members, groups);
  }

  private static List<Address> sharing(List<Address> members) {
    return members.stream().filter(ChannelShare::shares).toList();
  }

  private static boolean shares(Address member) {
    if (!(member instanceof ExtendedUUID extended)) {
      return false;
    }
    byte[] mark = extended.get(KEY);
    return mark != null && mark.length == 1 && mark[0] == FORMAT;
  }
}
