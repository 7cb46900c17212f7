package io.skein.proxy.http;

import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Field names in lower case, as HTTP/2 wants them, without making them anew for every message: the
/// latest name of each slot is kept. One per event loop.
final class LowerNames {
  private static final int SLOTS = 512;
  private static final int LONGEST = 64;

  private final @Nullable AsciiString[] kept = new @Nullable AsciiString[SLOTS];

  AsciiString of(CharSequence name) {
    // The hash ignores case.
    int slot = AsciiString.hashCode(name) & SLOTS - 1;
    AsciiString lower = kept[slot];
    if (lower != null
        && lower.length() == name.length()
        && AsciiString.contentEqualsIgnoreCase(lower, name)) {
      return lower;
    }
    AsciiString made = new AsciiString(name).toLowerCase();
    if (made.length() <= LONGEST) {
      kept[slot] = made;
    }
    return made;
  }
}
