package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import io.skein.proxy.web.Compression;
import org.jspecify.annotations.Nullable;

/// Compresses an answer on its way to the client, if its service wants that, the client takes it
/// and nothing in the answer speaks against it. What came within one event is flushed at that
/// event's end, so that streams are not held back. Reused from answer to answer; event loop only.
final class Compressing implements Sender {
  /// Fields about the body's bytes as the endpoint sends them: such answers are left alone.
  private static final String[] DIGESTS = {
    "content-digest", "repr-digest", "digest", "content-md5", "content-range"
  };

  private final Worker worker;
  private final Downstream client;
  private final Account account;
  private @Nullable Gzip gzip;
  private boolean marked;
  private boolean unflushed;

  Compressing(Worker worker, Downstream client, Account account) {
    this.worker = worker;
    this.client = client;
    this.account = account;
  }

  /// Whether the answer's body goes through [#body].
  boolean active() {
    return gzip != null;
  }

  /// Looks at an answer's head and changes it if its body is to be compressed.
  void head(Compression wanted, RequestFacts request, ResponseFacts facts) {
    Fields fields = facts.fields;
    CharSequence type = fields.first("content-type");
    if (type == null || !wanted.suits(type)) {
      if (facts.status == 304) {
        CrossOrigin.vary(fields, "Accept-Encoding");
      }
      return;
    }
    if (!mayChange(wanted, facts)) {
      return;
    }
    CrossOrigin.vary(fields, "Accept-Encoding");
    if (!Compression.wantsGzip(request.fields.joined("accept-encoding"))
        || saysNoTransform(request.fields)) {
      return;
    }
    if (!request.method.equals(HttpMethod.HEAD)) {
      gzip = worker.gzips.take(wanted.level());
      if (gzip == null) {
        worker.plane.metrics.leftUncompressed();
        return;
      }
      mark();
    }
    change(facts);
  }

  private static boolean mayChange(Compression wanted, ResponseFacts facts) {
    if (facts.status < 200
        || facts.status == 204
        || facts.status == 205
        || facts.status == 206
        || facts.status == 304
        || (facts.length >= 0 && facts.length < Math.max(1, wanted.leastBytes()))) {
      return false;
    }
    Fields fields = facts.fields;
    for (String digest : DIGESTS) {
      if (fields.first(digest) != null) {
        return false;
      }
    }
    CharSequence encoding = fields.first("content-encoding");
    return (encoding == null || AsciiString.contentEqualsIgnoreCase(encoding, "identity"))
        && !saysNoTransform(fields);
  }

  private static boolean saysNoTransform(Fields fields) {
    CharSequence control = fields.first("cache-control");
    return control != null
        && AsciiString.containsIgnoreCase(fields.joined("cache-control"), "no-transform");
  }

  private static void change(ResponseFacts facts) {
    Fields fields = facts.fields;
    fields.set("content-encoding", "gzip");
    fields.remove("accept-ranges");
    for (int i = 0; i < fields.count(); i++) {
      // Equal in meaning, not in bytes (RFC 9110 §8.8.1).
      if (AsciiString.contentEqualsIgnoreCase(fields.name(i), "etag")
          && fields.value(i).length() > 0
          && fields.value(i).charAt(0) == '"') {
        fields.setValue(i, "W/" + fields.value(i));
      }
    }
    facts.length = -1;
    facts.lengthText = "";
    if (facts.framing == Framing.LENGTH) {
      facts.framing = Framing.CHUNKED;
    }
  }

  /// Compresses a piece; takes it over.
  ///
  /// @return what may go to the client now; may be empty
  ByteBuf body(ByteBuf data, boolean last) {
    Gzip its = gzip;
    if (its == null) {
      return data;
    }
    mark();
    unflushed = data.isReadable() || unflushed;
    ByteBuf out = its.add(data, last, ByteBufAllocator.DEFAULT);
    data.release();
    if (last) {
      worker.plane.metrics.compressed(its.bytesIn(), its.bytesOut());
      clear();
    }
    return out;
  }

  private void mark() {
    if (!marked) {
      marked = true;
      worker.dirty.add(this);
    }
  }

  @Override
  public void flush() {
    marked = false;
    Gzip its = gzip;
    if (its != null && unflushed) {
      unflushed = false;
      ByteBuf out = its.flush(ByteBufAllocator.DEFAULT);
      account.answered(out.readableBytes());
      client.body(out, false, Fields.NONE);
    }
  }

  /// Gives the compressor back, whatever became of the answer.
  void clear() {
    Gzip its = gzip;
    gzip = null;
    unflushed = false;
    if (its != null) {
      worker.gzips.give(its);
    }
  }
}
