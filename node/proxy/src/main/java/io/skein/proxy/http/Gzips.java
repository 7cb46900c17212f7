package io.skein.proxy.http;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The compressors of one event loop. At most [#MOST] are at work at once (64 MiB); answers beyond
/// pass as they are. A few are kept for the next answers. Event loop only.
final class Gzips {
  static final int MOST = 256;
  private static final int MOST_SPARE = 8;

  private final ArrayDeque<Gzip> spare = new ArrayDeque<>(0);
  private int atWork;
  private boolean ended;

  /// One that has begun a stream; null if too many are at work.
  @Nullable Gzip take(int level) {
    if (atWork >= MOST) {
      return null;
    }
    atWork++;
    Gzip gzip = spare.pollLast();
    if (gzip == null) {
      gzip = new Gzip();
    }
    gzip.begin(level);
    return gzip;
  }

  /// It is not used any more.
  void give(Gzip gzip) {
    atWork--;
    if (ended || spare.size() >= MOST_SPARE) {
      gzip.end();
    } else {
      spare.addLast(gzip);
    }
  }

  int atWork() {
    return atWork;
  }

  /// Keeps none from now on.
  void end() {
    ended = true;
    spare.forEach(Gzip::end);
    spare.clear();
  }
}
