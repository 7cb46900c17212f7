package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the messages that nearly all traffic consists of, for a fraction of what a complete
/// decoder costs: one whole message in one read, in the plainest form that RFC 9112 knows.
///
/// It never refuses anything. What is not of that form, for whatever reason, it leaves untouched to
/// the codec, which decides as if nobody had looked before. Whatever it takes, the codec would have
/// read in the same way, field by field; a test compares them on mutated messages. The form:
///
/// - `GET` or `HEAD`, one SP, a target of visible ASCII, one SP, `HTTP/1.1`, CRLF; or `HTTP/1.1`, a
///   status of 200 to 599 other than 204, 205 and 304, a phrase, CRLF;
/// - fields of a token, a colon, a value of visible ASCII and SP that is not empty, CRLF, up to
///   [#MOST_FIELDS]; an empty line;
/// - no field that says anything of framing, of another protocol or of expectations, but for one
///   Content-Length of an answer whose body came in the same read, to the byte;
/// - nothing behind the message, and a head of at most [#MOST_BYTES].
///
/// Values are views of one copy of the head's bytes, names are kept from message to message. One
/// per event loop.
final class PlainHead {
  static final int MOST_BYTES = 2048;
  static final int MOST_FIELDS = 32;

  /// Nothing of this form is shorter.
  private static final int SHORTEST = 18;

  private static final int NAMES = 128;
  private static final int LONGEST_NAME = 40;

  /// What may stand in a token (RFC 9110 §5.6.2).
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private static final byte[] VERSION = "HTTP/1.1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FINE = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);

  private final AsciiString[] known = new AsciiString[NAMES];
  private final byte[] bytes = new byte[MOST_BYTES + 1];
  private final AsciiString[] names = new AsciiString[MOST_FIELDS];
  private final int[] values = new int[2 * MOST_FIELDS];
  private int fields;
  private int at;
  private int length;

  /// A request without a body.
  ///
  /// @param in read to its end if it holds such a request and nothing else; left alone otherwise
  /// @param mostBytes longest head
  /// @param mostLineBytes longest first line
  /// @return null if it is for the codec to read
  @Nullable HttpRequest request(ByteBuf in, int mostBytes, int mostLineBytes) {
    int count = in.readableBytes();
    if (count > Math.min(mostBytes, MOST_BYTES) || count < SHORTEST || !ends(in, count)) {
      return null;
    }
    begin(in, count);
    HttpMethod method = method();
    if (method == null) {
      return null;
    }
    int target = at;
    while (bytes[at] > ' ' && bytes[at] < 0x7f) {
      at++;
    }
    int end = at;
    // A length would be that of a body.
    length = 0;
    if (end == target
        || bytes[at++] != ' '
        || !follows(VERSION)
        || !line()
        || at > mostLineBytes
        || !fields()
        || at != count) {
      return null;
    }
    in.skipBytes(count);
    return new DefaultHttpRequest(
        HttpVersion.HTTP_1_1,
        method,
        new String(bytes, target, end - target, StandardCharsets.ISO_8859_1),
        headers());
  }

  /// The head of an answer whose body came with it.
  ///
  /// @param in read to the body if it holds such an answer and nothing else; left alone otherwise
  /// @param mostBytes longest head
  /// @param mostLineBytes longest first line
  /// @return null if it is for the codec to read
  @Nullable HttpResponse response(ByteBuf in, int mostBytes, int mostLineBytes) {
    int count = in.readableBytes();
    if (count < SHORTEST) {
      return null;
    }
    begin(in, Math.min(count, Math.min(mostBytes, MOST_BYTES)));
    HttpResponseStatus status = status();
    length = -1;
    if (status == null || at > mostLineBytes || !fields() || length <= 0 || count != at + length) {
      return null;
    }
    in.skipBytes(at);
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers());
  }

  /// Whether a codec stands between two messages after it decoded something, so that nothing is
  /// lost if it does not see the next message.
  ///
  /// @param before whether it stood there before
  /// @param took whether it took bytes
  /// @param out what it has read so far
  /// @param known how much of that was there before
  static boolean between(boolean before, boolean took, List<Object> out, int known) {
    int count = out.size();
    return count > known
        ? out.get(count - 1) instanceof LastHttpContent last && last.decoderResult().isSuccess()
        : before && !took;
  }

  private static boolean ends(ByteBuf in, int count) {
    return in.getInt(in.readerIndex() + count - 4) == 0x0d0a0d0a;
  }

  // ---- the parts; each is true if it was there, and `at` stands behind it then

  private void begin(ByteBuf in, int count) {
    in.getBytes(in.readerIndex(), bytes, 0, count);
    // So that no part has to look where the bytes end: none takes a NUL.
    bytes[count] = 0;
    at = 0;
    fields = 0;
  }

  private @Nullable HttpMethod method() {
    if (bytes[0] == 'G' && bytes[1] == 'E' && bytes[2] == 'T' && bytes[3] == ' ') {
      at = 4;
      return HttpMethod.GET;
    }
    if (bytes[0] == 'H'
        && bytes[1] == 'E'
        && bytes[2] == 'A'
        && bytes[3] == 'D'
        && bytes[4] == ' ') {
      at = 5;
      return HttpMethod.HEAD;
    }
    return null;
  }

  private @Nullable HttpResponseStatus status() {
    if (follows(FINE)) {
      return HttpResponseStatus.OK;
    }
    at = 0;
    if (!follows(VERSION) || bytes[at++] != ' ') {
      return null;
    }
    int code = 0;
    for (int end = at + 3; at < end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      code = 10 * code + digit;
    }
    if (code < 200 || code > 599 || code == 204 || code == 205 || code == 304) {
      return null;
    }
    if (bytes[at++] != ' ') {
      return null;
    }
    int phrase = at;
    int end = text();
    return end == phrase || bytes[phrase] == ' ' || !line()
        ? null
        : HttpResponseStatus.valueOf(
            code, new String(bytes, phrase, end - phrase, StandardCharsets.ISO_8859_1));
  }

  private boolean follows(byte[] text) {
    for (byte b : text) {
      if (bytes[at] != b) {
        return false;
      }
      at++;
    }
    return true;
  }

  private boolean line() {
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      return false;
    }
    at += 2;
    return true;
  }

  /// Passes visible ASCII and SP.
  ///
  /// @return where the last that is visible ends
  private int text() {
    int end = at;
    while (bytes[at] >= ' ' && bytes[at] < 0x7f) {
      if (bytes[at++] != ' ') {
        end = at;
      }
    }
    return end;
  }

  private boolean fields() {
    while (bytes[at] != '\r') {
      if (fields == MOST_FIELDS || !field()) {
        return false;
      }
      fields++;
    }
    return line();
  }

  private boolean field() {
    int start = at;
    while (bytes[at] >= 0 && TOKEN[bytes[at]]) {
      at++;
    }
    int count = at - start;
    if (count == 0 || bytes[at++] != ':') {
      return false;
    }
    while (bytes[at] == ' ') {
      at++;
    }
    int value = at;
    int end = text();
    if (end == value || !line()) {
      return false;
    }
    AsciiString name = name(start, count);
    switch (Field.of(name)) {
      case CONTENT_LENGTH -> {
        // In a request it stands for a body.
        if (length >= 0 || !length(value, end)) {
          return false;
        }
      }
      case TRANSFER_ENCODING, TRAILER, TE, EXPECT, UPGRADE, DRAFT_76 -> {
        return false;
      }
      default -> {}
    }
    names[fields] = name;
    values[2 * fields] = value;
    values[2 * fields + 1] = end;
    return true;
  }

  private boolean length(int from, int to) {
    int digits = to - from;
    if (digits > 8) {
      return false;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = 10 * value + digit;
    }
    length = value;
    return true;
  }

  /// A name as it was written, from those seen last if it is among them.
  private AsciiString name(int start, int count) {
    if (count > LONGEST_NAME) {
      return new AsciiString(bytes, start, count, true);
    }
    int slot = (31 * count + 7 * bytes[start] + bytes[start + count - 1]) & NAMES - 1;
    AsciiString name = known[slot];
    if (name == null
        || name.length() != count
        || !Arrays.equals(name.array(), 0, count, bytes, start, start + count)) {
      name = new AsciiString(bytes, start, count, true);
      known[slot] = name;
    }
    return name;
  }

  private HttpHeaders headers() {
    byte[] kept = Arrays.copyOf(bytes, at);
    CharSequence[] pairs = new CharSequence[2 * fields];
    for (int i = 0; i < fields; i++) {
      int value = values[2 * i];
      pairs[2 * i] = names[i];
      pairs[2 * i + 1] = new AsciiString(kept, value, values[2 * i + 1] - value, false);
    }
    return new ReadOnlyHttpHeaders(false, pairs);
  }
}
