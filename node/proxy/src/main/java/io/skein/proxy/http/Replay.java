package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/// The pieces of a body that came before they could be sent, or that may have to be sent again. As
/// soon as there are more than `limit` bytes and they were sent once, they are let go and the
/// request cannot be repeated.
final class Replay {
  private final int limit;
  private final List<ByteBuf> parts = new ArrayList<>(2);
  private final Fields trailers = new Fields();
  private int bytes;
  private boolean complete = true;
  private boolean ended;

  Replay(int limit) {
    this.limit = limit;
  }

  /// Whether everything that came so far is at hand.
  boolean complete() {
    return complete;
  }

  /// Whether nothing came.
  boolean isEmpty() {
    return parts.isEmpty();
  }

  int bytes() {
    return bytes;
  }

  /// Keeps a piece that was not sent yet; takes it over.
  ///
  /// @return whether there is room for more
  boolean keep(ByteBuf data, boolean last, Fields trailers) {
    add(data, last, trailers);
    return bytes <= limit;
  }

  /// Keeps a second reference to a piece that is sent now.
  void keepCopy(ByteBuf data, boolean last, Fields trailers) {
    if (complete && bytes + data.readableBytes() <= limit) {
      add(data.retainedDuplicate(), last, trailers);
    } else if (complete) {
      forget();
    }
  }

  private void add(ByteBuf data, boolean last, Fields trailers) {
    parts.add(data);
    bytes += data.readableBytes();
    if (last) {
      ended = true;
      this.trailers.addAll(trailers);
    }
  }

  /// Sends what is at hand.
  void sendTo(Upstream to) {
    int count = parts.size();
    boolean keeps = bytes <= limit;
    for (int i = 0; i < count; i++) {
      ByteBuf part = parts.get(i);
      if (keeps) {
        parts.set(i, part.retainedDuplicate());
      }
      to.body(part, ended && i == count - 1, trailers);
    }
    if (!keeps) {
      parts.clear();
      forget();
    }
  }

  /// Lets everything go, ready for the next request.
  void clear() {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).release();
    }
    parts.clear();
    trailers.clear();
    bytes = 0;
    complete = true;
    ended = false;
  }

  /// Lets everything go: this request is not repeated any more.
  void forget() {
    clear();
    complete = false;
  }
}
