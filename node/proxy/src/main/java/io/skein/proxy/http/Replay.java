package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpContent;
import java.util.ArrayList;
import java.util.List;

/// The pieces of a body that came before they could be sent, or that may have to be sent again. As
/// soon as there are more than `limit` bytes and they were sent once, they are let go and the
/// request cannot be repeated.
final class Replay {
  private final int limit;
  private final List<HttpContent> parts = new ArrayList<>(2);
  private int bytes;
  private boolean complete = true;

  Replay(int limit) {
    this.limit = limit;
  }

  /// Whether everything that came so far is at hand.
  boolean complete() {
    return complete;
  }

  int bytes() {
    return bytes;
  }

  /// Keeps a piece that was not sent yet; takes it over.
  ///
  /// @return whether there is room for more
  boolean keep(HttpContent part) {
    parts.add(part);
    bytes += part.content().readableBytes();
    return bytes <= limit;
  }

  /// Keeps a second reference to a piece that is sent now.
  void keepCopy(HttpContent part) {
    if (complete && bytes + part.content().readableBytes() <= limit) {
      parts.add(part.retainedDuplicate());
      bytes += part.content().readableBytes();
    } else if (complete) {
      clear();
      complete = false;
    }
  }

  /// What is to be sent now, each piece the receiver's own.
  List<HttpContent> pieces() {
    List<HttpContent> pieces = List.copyOf(parts);
    if (bytes > limit) {
      parts.clear();
      bytes = 0;
      complete = false;
    } else {
      for (int i = 0; i < parts.size(); i++) {
        parts.set(i, pieces.get(i).retainedDuplicate());
      }
    }
    return pieces;
  }

  /// Lets everything go, ready for the next request.
  void clear() {
    for (int i = 0; i < parts.size(); i++) {
      parts.get(i).release();
    }
    parts.clear();
    bytes = 0;
    complete = true;
  }

  /// Lets everything go: this request is not repeated any more.
  void forget() {
    clear();
    complete = false;
  }
}
