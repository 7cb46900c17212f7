package io.skein.proxy.http;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/// A head on its way into the HPACK encoder: nothing but what that encoder asks for, namely to go
/// over the fields in order. One per event loop, used for one head at a time; the encoder must be
/// done with it when `writeHeaders` returns, which holds for all heads, but not for trailers.
final class Http2Head extends DefaultHttp2Headers {
  private static final AsciiString STATUS = AsciiString.cached(":status");

  private final LowerNames lower = new LowerNames();
  private final Walk walk = new Walk();
  private CharSequence[] names = new CharSequence[32];
  private CharSequence[] values = new CharSequence[32];
  private int count;

  Http2Head() {
    super(false);
  }

  /// Begins another head.
  Http2Head empty() {
    Arrays.fill(names, 0, count, null);
    Arrays.fill(values, 0, count, null);
    count = 0;
    return this;
  }

  /// @param name in lower case
  Http2Head put(CharSequence name, CharSequence value) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    names[count] = name;
    values[count] = value;
    count++;
    return this;
  }

  /// @param name in any case
  Http2Head putAnyCase(CharSequence name, CharSequence value) {
    return put(lower.of(name), value);
  }

  @Override
  public CharSequence status() {
    return count > 0 && STATUS.contentEquals(names[0]) ? values[0] : AsciiString.EMPTY_STRING;
  }

  @Override
  public int size() {
    return count;
  }

  @Override
  public boolean isEmpty() {
    return count == 0;
  }

  @Override
  public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
    walk.next = 0;
    return walk;
  }

  // Told apart by identity: it is a place, not a value.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  private final class Walk
      implements Iterator<Map.Entry<CharSequence, CharSequence>>,
          Map.Entry<CharSequence, CharSequence> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public Map.Entry<CharSequence, CharSequence> next() {
      if (next >= count) {
        throw new NoSuchElementException();
      }
      next++;
      return this;
    }

    @Override
    public CharSequence getKey() {
      return names[next - 1];
    }

    @Override
    public CharSequence getValue() {
      return values[next - 1];
    }

    @Override
    public CharSequence setValue(CharSequence value) {
      throw new UnsupportedOperationException();
    }
  }
}
