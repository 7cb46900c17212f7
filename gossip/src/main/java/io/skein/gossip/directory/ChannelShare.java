package io.skein.gossip.directory;

import java.util.ArrayList;
import java.util.List;
import org.infinispan.remoting.transport.NodeVersion;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.jgroups.Address;
import org.jgroups.ChannelListener;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Message;
import org.jgroups.UpHandler;
import org.jgroups.View;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.stack.AddressGenerator;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.SocketFactory;

/// The channel that carries the mesh, as Infinispan is to see it: it may come late, it cannot close
/// it, and it sees only members that have the directory as well.
///
/// The cache lets the first of a view coordinate it. A first member without a cache would leave all
/// others waiting, so members that have one say so in their address and every node leaves out the
/// same others.
final class ChannelShare extends JChannel {
  private static final String KEY = "skein-directory";
  private static final byte FORMAT = 1;

  private final JChannel shared;
  private final WaitingRoom waiting;
  private final Runnable onView;
  private volatile boolean connected;
  private volatile boolean closed;

  /// @param shared the mesh's channel, connected before this is
  /// @param waiting from [#reserve]
  /// @param onView runs after each view, on a thread of JGroups
  ChannelShare(JChannel shared, WaitingRoom waiting, Runnable onView) {
    super(false);
    this.shared = shared;
    this.waiting = waiting;
    this.onView = onView;
  }

  /// Marks this node's address and begins to keep what peers' caches say. Before `channel`
  /// connects.
  static WaitingRoom reserve(JChannel channel) {
    WaitingRoom waiting = new WaitingRoom();
    channel.addAddressGenerator(() -> mark(channel.getName()));
    channel.setDiscardOwnMessages(true);
    channel.setUpHandler(waiting);
    return waiting;
  }

  @SuppressWarnings("NullAway") // a node without site, rack and machine
  private static Address mark(String name) {
    return org.infinispan.remoting.transport.Address.randomUUID(
            name, NodeVersion.INSTANCE, null, null, null)
        .put(KEY, new byte[] {FORMAT});
  }

  /// Hands over what peers' caches have said so far, once ours can answer.
  void handOver() {
    UpHandler handler = shared.getUpHandler();
    if (handler != waiting) {
      waiting.handOver(handler);
    }
  }

  @Override
  public JChannel setUpHandler(UpHandler handler) {
    shared.setUpHandler(new Filter(handler));
    return this;
  }

  @Override
  public JChannel connect(String clusterName) {
    connected = true;
    return this;
  }

  @Override
  public JChannel disconnect() {
    connected = false;
    shared.setUpHandler(waiting);
    return this;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      disconnect();
    }
  }

  @Override
  public boolean isOpen() {
    return !closed && shared.isOpen();
  }

  @Override
  public boolean isConnected() {
    return connected && shared.isConnected();
  }

  @Override
  public Address getAddress() {
    return shared.getAddress();
  }

  @Override
  public String getName() {
    return shared.getName();
  }

  @Override
  public String clusterName() {
    return shared.clusterName();
  }

  @Override
  public View getView() {
    return sharing(shared.getView());
  }

  @Override
  public ProtocolStack getProtocolStack() {
    return shared.getProtocolStack();
  }

  @Override
  public JChannel send(Message message) throws Exception {
    shared.send(message);
    return this;
  }

  @Override
  public Object down(Event event) {
    return shared.down(event);
  }

  // The three that follow would change the mesh's own channel.

  @Override
  public JChannel addAddressGenerator(AddressGenerator generator) {
    return this;
  }

  @Override
  public JChannel addChannelListener(ChannelListener listener) {
    return this;
  }

  @Override
  public JChannel setName(String name) {
    return this;
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

  /// Narrows views on their way up and lets all else pass.
  private final class Filter implements UpHandler {
    private final UpHandler next;

    Filter(UpHandler next) {
      this.next = next;
    }

    @Override
    public UpHandler setLocalAddress(Address address) {
      next.setLocalAddress(address);
      return this;
    }

    @Override
    public Object up(Event event) {
      if (event.getType() != Event.VIEW_CHANGE) {
        return next.up(event);
      }
      View view = event.getArg();
      Object answer = next.up(new Event(Event.VIEW_CHANGE, sharing(view)));
      onView.run();
      return answer;
    }

    @Override
    public Object up(Message message) {
      return next.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
      next.up(batch);
    }
  }

  /// How Infinispan is given this channel. Every other way to pass one is ignored, and it would
  /// open its own, by UDP multicast.
  static final class Given extends AbstractJGroupsChannelConfigurator {
    private final ChannelShare share;

    Given(ChannelShare share) {
      this.share = share;
    }

    @Override
    public String getName() {
      return "mesh";
    }

    @Override
    public JChannel createChannel(String name) {
      return share;
    }

    @Override
    public String getProtocolStackString() {
      return "";
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
      return List.of();
    }

    @Override
    public void setSocketFactory(SocketFactory factory) {
      // the mesh's channel has its own
    }
  }
}
