package io.skein.proxy.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Iterator;
import java.util.Map;

/// Reads those fields of a trailer section that may be passed on: none that frames, routes or ends
/// at this hop (RFC 9110 §6.5.1).
final class Http1Trailers {
  private Http1Trailers() {}

  static void read(Fields trailers, HttpHeaders from) {
    trailers.clear();
    if (from.isEmpty()) {
      return;
    }
    Iterator<Map.Entry<CharSequence, CharSequence>> all = from.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = all.next();
      Field kind = Field.of(field.getKey());
      if (kind == Field.OTHER || kind == Field.LOAD_METRICS) {
        trailers.add(kind, field.getKey(), field.getValue());
      }
    }
  }
}
