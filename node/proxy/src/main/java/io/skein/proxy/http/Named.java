package io.skein.proxy.http;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/// What Connection header fields say: options, and fields that end at this hop (RFC 9110 §7.6.1).
final class Named {
  private final List<String> fields = new ArrayList<>(2);
  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;

  void clear() {
    fields.clear();
    close = false;
    keepAlive = false;
    upgrade = false;
  }

  void read(CharSequence value) {
    // The two values that nearly every message carries.
    if (AsciiString.contentEqualsIgnoreCase(value, "keep-alive")) {
      keepAlive = true;
      return;
    }
    if (AsciiString.contentEqualsIgnoreCase(value, "close")) {
      close = true;
      return;
    }
    for (String token : value.toString().split(",")) {
      String name = token.strip();
      if (name.equalsIgnoreCase("close")) {
        close = true;
      } else if (name.equalsIgnoreCase("keep-alive")) {
        keepAlive = true;
      } else if (name.equalsIgnoreCase("upgrade")) {
        upgrade = true;
      } else if (!name.isEmpty()) {
        fields.add(name);
      }
    }
  }

  boolean close() {
    return close;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  boolean upgrade() {
    return upgrade;
  }

  /// Removes what ends at this hop. Expect and Trailer stay: they are judged on their own.
  void removeFrom(Fields message) {
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.get(i);
      Field kind = Field.of(name);
      if (kind != Field.EXPECT && kind != Field.TRAILER) {
        message.remove(name);
      }
    }
  }
}
