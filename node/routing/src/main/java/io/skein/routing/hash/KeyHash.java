package io.skein.routing.hash;

/// Hashes of keys and ids: the same on every node and in every version. Not for secrets.
///
/// FNV-1a over the UTF-16 units (G. Fowler, L. C. Noll, P. Vo), then the finaliser of SplitMix64
/// (G. Steele, D. Lea, C. Flood, OOPSLA 2014), which spreads the few bits that short keys differ
/// by.
public final class KeyHash {
  private static final long BASIS = 0xcbf2_9ce4_8422_2325L;
  private static final long PRIME = 0x100_0000_01b3L;

  private KeyHash() {}

  /// The hash of a text.
  public static long of(CharSequence text) {
    long hash = BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return mix(hash);
  }

  /// Another hash of what has this one, different for each `salt`.
  public static long again(long hash, long salt) {
    return mix(hash + (salt + 1) * 0x9e37_79b9_7f4a_7c15L);
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
