package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.skein.proxy.outcome.Reason;
import io.skein.proxy.route.ServiceRoute;

/// The client's side of a copied request: nobody. The answer is counted, recorded like any other of
/// its service, and thrown away. One per copy; event loop only.
final class MirrorSide implements Downstream, ClientConnection {
  private final Worker worker;
  private final Origin origin;
  private final Exchange exchange;

  private MirrorSide(Worker worker, Origin origin) {
    this.worker = worker;
    this.origin = origin;
    this.exchange = new Exchange(worker, this);
  }

  /// Sends a copy.
  ///
  /// @param body taken over; the copy was counted in `worker.mirrors`
  static void send(
      Worker worker, Origin origin, ServiceRoute service, RequestFacts head, ByteBuf body) {
    MirrorSide side = new MirrorSide(worker, origin);
    worker.add(side);
    side.exchange.copy(service, head, body);
  }

  @Override
  public void tick(long nowNanos) {
    exchange.tick(nowNanos);
  }

  @Override
  public void drain() {}

  @Override
  public void abort() {
    exchange.clientGone();
    leave();
  }

  private void leave() {
    if (worker.remove(this)) {
      worker.mirrors--;
    }
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public boolean mesh() {
    return false;
  }

  @Override
  public boolean receiptHeader() {
    return false;
  }

  @Override
  public boolean debugHeader() {
    return false;
  }

  @Override
  public void pause(int why) {}

  @Override
  public void resume(int why) {}

  @Override
  public boolean paused(int why) {
    return false;
  }

  @Override
  public boolean takesRest() {
    return false;
  }

  @Override
  public boolean writable() {
    return true;
  }

  @Override
  public long stalledNanos() {
    return 0;
  }

  @Override
  public void interim(ResponseFacts facts) {}

  @Override
  public boolean head(
      RequestFacts request,
      ResponseFacts facts,
      boolean restUnwanted,
      String servedBy,
      String receipt) {
    return false;
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    data.release();
  }

  @Override
  public boolean refuse(
      RequestFacts request, Reason reason, String detail, boolean restUnwanted, String receipt) {
    return false;
  }

  @Override
  public void ended(boolean close) {
    leave();
  }

  @Override
  public void truncate(Reason reason, String detail) {
    leave();
  }
}
