package io.skein.proxy.http;

import io.netty.channel.Channel;
import io.skein.proxy.prelude.Ends;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What connections in HTTP/1 add to their requests. Of connections in the clear that is a matter
/// of the client's address alone: for each slot of a few hundred the latest is kept, so that
/// clients which connect for each request find it ready. Event loop only.
final class Origins {
  private static final int SLOTS = 256;

  private final Plane plane;
  private final @Nullable Origin[] kept = new @Nullable Origin[SLOTS];

  Origins(Plane plane) {
    this.plane = plane;
  }

  /// What a connection adds, once it has opened.
  Origin of(Channel channel) {
    Ends ends = Ends.of(channel);
    Opening.Secured secured = Opening.secured(channel);
    InetAddress client = ends.source().getAddress();
    if (secured != null || client == null) {
      return Origin.of(ends, secured, plane, "1.1");
    }
    int hash = client.hashCode();
    int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1;
    Origin its = kept[slot];
    if (its == null || !its.isOf(client)) {
      its = Origin.of(ends, null, plane, "1.1");
      kept[slot] = its;
    }
    return its;
  }
}
