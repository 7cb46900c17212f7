package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.skein.proxy.route.Target;
import org.jspecify.annotations.Nullable;

/// One stream of a connection to an endpoint: an attempt's request and what comes back. What the
/// exchange does not take is not given back into the endpoint's window. Used for one attempt after
/// the other; event loop only.
final class Http2Upstream implements Upstream {
  private final Http2Client client;
  private final Worker worker;
  private @Nullable Attempt attempt;
  private @Nullable Http2Stream stream;
  private int served;
  private boolean requestEnded;
  private boolean headRead;
  private boolean paused;
  private int untaken;
  private long received;
  private boolean lent;

  Http2Upstream(Http2Client client) {
    this.client = client;
    this.worker = client.worker;
  }

  @Override
  public boolean reused() {
    return client.reused();
  }

  @Override
  public void serve(Attempt attempt) {
    this.attempt = attempt;
    this.served++;
    this.stream = null;
    this.requestEnded = false;
    this.headRead = false;
    this.paused = false;
    this.untaken = 0;
    this.received = 0;
  }

  // ---- the request

  @Override
  public void head(
      RequestFacts request,
      Origin origin,
      boolean fromPeer,
      String service,
      Target to,
      int bodyBytes) {
    Http2Head head = worker.http2Head;
    Http2RequestHead.write(head, request, origin, fromPeer, service, to);
    requestEnded = request.framing == Framing.NONE;
    stream = client.open(this, head, requestEnded);
    if (stream == null) {
      fail(true);
    }
  }

  @Override
  public void body(ByteBuf data, boolean last, Fields trailers) {
    Http2Stream to = stream;
    boolean ends = last && trailers.count() == 0;
    if (to == null || requestEnded || (!ends && !data.isReadable())) {
      data.release();
    } else {
      requestEnded = ends;
      client.data(to, data, ends);
    }
    if (last && !requestEnded && to != null) {
      Http2Headers tail = new DefaultHttp2Headers(false, trailers.count());
      for (int i = 0; i < trailers.count(); i++) {
        tail.add(AsciiString.of(trailers.name(i)).toLowerCase(), trailers.value(i));
      }
      requestEnded = true;
      client.headers(to, tail, true);
    }
  }

  @Override
  public boolean writable() {
    return stream == null || client.writable(stream);
  }

  @Override
  public long unsentBytes() {
    Http2Stream to = stream;
    return to == null ? 0 : client.pendingBytes(to);
  }

  /// The endpoint's window is its measure, and its connection is others' too.
  @Override
  public void narrow() {}

  void writabilityChanged() {
    Attempt serving = attempt;
    if (serving != null && writable()) {
      serving.takesMore();
    }
  }

  // ---- the answer

  /// Whether no final head came yet.
  boolean awaitsHead() {
    return !headRead;
  }

  void head(Http2Headers headers, boolean last) {
    Attempt serving = attempt;
    if (serving == null) {
      return;
    }
    serving.heard();
    boolean wellFormed = Http2ResponseReader.read(serving.said, headers, serving.toHead(), last);
    headRead = serving.said.status >= 200;
    serving.answerHead(wellFormed);
    if (last && attempt == serving) {
      serving.answerBody(Unpooled.EMPTY_BUFFER, true, Fields.NONE);
    }
  }

  /// A piece of the answer's body came; takes it over.
  ///
  /// @return how many bytes may go back into the window now
  int received(ByteBuf data, boolean last, Fields trailers) {
    int bytes = data.readableBytes();
    Attempt serving = attempt;
    if (serving == null) {
      data.release();
      return bytes;
    }
    serving.heard();
    serving.answerBody(data, last, trailers);
    if (!paused) {
      taken(bytes, last);
      return bytes;
    }
    untaken += bytes;
    return 0;
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    int bytes = untaken;
    untaken = 0;
    Http2Stream from = stream;
    if (bytes > 0 && from != null) {
      taken(bytes, false);
      client.taken(from, bytes);
    }
  }

  /// More was taken; a stream that moves may be lent more.
  private void taken(int bytes, boolean last) {
    received += bytes;
    Http2Stream from = stream;
    if (!lent && !last && from != null) {
      lent = client.lend(from, received);
    }
  }

  // ---- the end

  @Override
  public void answered(boolean reusable) {
    done(reusable);
  }

  @Override
  public void done(boolean reusable) {
    leave(reusable ? Http2Error.NO_ERROR : Http2Error.CANCEL);
  }

  @Override
  public void discard(boolean keep) {
    leave(Http2Error.CANCEL);
  }

  @Override
  public void abandon() {
    leave(Http2Error.CANCEL);
  }

  private void leave(Http2Error why) {
    attempt = null;
    resume();
    Http2Stream from = stream;
    if (from == null) {
      client.recycle(this);
    } else if (why != Http2Error.NO_ERROR || !requestEnded) {
      client.reset(from, why);
    }
  }

  /// The stream is closed, in whatever way.
  ///
  /// @param unseen whether the endpoint says that it did nothing about the request
  void closed(boolean unseen) {
    stream = null;
    if (lent) {
      lent = false;
      client.windows.giveBack();
    }
    if (attempt == null) {
      client.recycle(this);
    } else {
      fail(unseen);
    }
  }

  /// What closed the stream may be a write of this very attempt. That may be another request's by
  /// the time the loop comes to it.
  private void fail(boolean unseen) {
    Attempt serving = attempt;
    int which = served;
    worker.loop.execute(() -> {
      if (serving != null && attempt == serving && served == which) {
        serving.closed(unseen);
        worker.flush();
      }
    });
  }
}
