package io.skein.gossip.transport.jgroups;

import java.util.Collection;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.stack.Protocol;

/// Takes out of the transport's events which members' connections closed. The transport calls them
/// suspects; but connections close for many reasons, so that here they are no more than a reason to
/// look.
final class ClosedConnections extends Protocol {
  private final Consumer<Collection<Address>> onClosed;

  /// @param onClosed hears whose; must not block
  ClosedConnections(Consumer<Collection<Address>> onClosed) {
    this.onClosed = onClosed;
  }

  @Override
  public Object up(Event event) {
    if (event.getType() == Event.SUSPECT) {
      onClosed.accept(event.arg());
      return null;
    }
    return up_prot.up(event);
  }
}
