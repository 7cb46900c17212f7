package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.skein.proxy.route.ServiceRoute;
import org.jspecify.annotations.Nullable;

/// Collects the copy of a request while that is passed on, and sends it when it is whole. What is
/// kept are references to the pieces, not their bytes. A copy is left out, and that is counted, if
/// the body is longer than the rule allows or too many copies are under way on this event loop; the
/// request itself never waits. Reused from request to request; event loop only.
final class Mirroring {
  /// Most copies under way on one event loop.
  static final int MOST = 64;

  private final Worker worker;
  private final Downstream client;
  private final RequestFacts facts;
  private @Nullable ServiceRoute service;
  private @Nullable CompositeByteBuf body;
  private int maxBytes;

  Mirroring(Worker worker, Downstream client, RequestFacts facts) {
    this.worker = worker;
    this.client = client;
    this.facts = facts;
  }

  void clear() {
    CompositeByteBuf kept = body;
    if (kept != null) {
      kept.release();
    }
    body = null;
    service = null;
  }

  /// The request that was read into the facts is to be copied.
  void begin(ServiceRoute to, int most) {
    if (facts.websocket) {
      return;
    }
    if (worker.mirrors >= MOST || (facts.framing == Framing.LENGTH && longer(facts.length, most))) {
      worker.plane.metrics.copyLeftOut();
      return;
    }
    service = to;
    maxBytes = most;
    if (facts.framing == Framing.NONE) {
      send(Unpooled.EMPTY_BUFFER);
    }
  }

  private static boolean longer(String length, int most) {
    return Long.parseLong(length) > most;
  }

  /// A piece of body came.
  void data(ByteBuf data, boolean last) {
    if (service == null) {
      return;
    }
    CompositeByteBuf kept = body;
    if (kept == null) {
      kept = Unpooled.compositeBuffer(256);
      body = kept;
    }
    if (kept.readableBytes() + data.readableBytes() > maxBytes) {
      worker.plane.metrics.copyLeftOut();
      clear();
      return;
    }
    kept.addComponent(true, data.retainedDuplicate());
    if (last) {
      body = null;
      send(kept);
    }
  }

  private void send(ByteBuf whole) {
    ServiceRoute to = service;
    service = null;
    if (to == null) {
      whole.release();
      return;
    }
    // The facts are another request's by the time the loop comes to it, and perhaps of another
    // client.
    RequestFacts head = facts.copy();
    Origin origin = client.origin();
    worker.plane.metrics.copied();
    worker.mirrors++;
    worker.loop.execute(() -> {
      MirrorSide.send(worker, origin, to, head, whole);
      worker.flush();
    });
  }
}
