package io.skein.gossip.transport.jgroups;

import java.util.Collection;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/// Takes the suspects of the protocol below out of its events. Connections close for many reasons,
/// and detectors that want a quick answer meet busy nodes: here they are no more than a reason to
/// look.
final class Hearsay extends Protocol {
  private final Consumer<Collection<Address>> onSuspects;

  /// @param onSuspects hears of them; must not block
  Hearsay(Consumer<Collection<Address>> onSuspects) {
    this.onSuspects = onSuspects;
  }

  @Override
  public @Nullable Object up(Event event) {
    if (event.getType() == Event.SUSPECT) {
      onSuspects.accept(event.arg());
      return null;
    }
    return up_prot.up(event);
  }
}
