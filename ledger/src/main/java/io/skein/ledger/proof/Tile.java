package io.skein.ledger.proof;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A tile as C2SP tlog-tiles serves a tree: up to 256 hashes next to each other on one level.
/// Immutable; any thread.
///
/// @param level 0 to 7: its hashes are roots of complete subtrees over 256^level leaves
/// @param index its place on the level, from 0
/// @param width hashes, 1 to 256; below 256 it is partial
public record Tile(int level, long index, int width) {
  /// Hashes of a full tile.
  public static final int FULL = 256;

  private static final int MAX_LEVEL = 7;
  private static final Pattern PATH =
      Pattern.compile("((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  public Tile {
    if (level < 0 || level > MAX_LEVEL) {
      throw new IllegalArgumentException("level: " + level + " (expected: 0 to 7)");
    }
    if (index < 0 || index >= Long.MAX_VALUE >>> 8 * (level + 1)) {
      throw new IllegalArgumentException("index: " + index + " (expected: within a tree)");
    }
    if (width < 1 || width > FULL) {
      throw new IllegalArgumentException("width: " + width + " (expected: 1 to 256)");
    }
  }

  /// Reads `<N>[.p/<W>]`: groups of three digits, all but the last begun with an x. Empty for
  /// anything else, for superfluous groups, for a width above 255 and an index beyond any tree.
  public static Optional<Tile> parse(int level, String path) {
    Matcher form = PATH.matcher(path);
    if (level < 0 || level > MAX_LEVEL || path.length() > 40 || !form.matches()) {
      return Optional.empty();
    }
    String groups = form.group(1);
    if (groups.startsWith("x000/")) {
      return Optional.empty();
    }
    long index = Long.parseLong(groups.replace("x", "").replace("/", ""));
    int width = form.group(2) == null ? FULL : Integer.parseInt(form.group(2));
    boolean partialOrFull = form.group(2) == null || width < FULL;
    return partialOrFull && index < Long.MAX_VALUE >>> 8 * (level + 1)
        ? Optional.of(new Tile(level, index, width))
        : Optional.empty();
  }

  /// `<N>[.p/<W>]`, such as `x001/x234/067` or `000.p/17`.
  public String path() {
    StringBuilder path = new StringBuilder(String.format(Locale.ROOT, "%03d", index % 1_000));
    for (long rest = index / 1_000; rest > 0; rest /= 1_000) {
      path.insert(0, String.format(Locale.ROOT, "x%03d/", rest % 1_000));
    }
    return width == FULL ? path.toString() : path + ".p/" + width;
  }

  /// Whether a tree of that many leaves has all of the tile's hashes.
  public boolean within(long size) {
    return index * FULL + width <= size >>> 8 * level;
  }

  /// First leaf that a tile of level 0 stands for.
  public long firstLeaf() {
    return index * FULL << 8 * level;
  }

  /// The hashes, one after the other.
  ///
  /// @throws IllegalArgumentException unless the tile is [within][#within] the tree
  public byte[] hashes(TreeHashes tree) {
    if (!within(tree.size())) {
      throw new IllegalArgumentException(
          "tile: " + this + " (expected: within " + tree.size() + " leaves)");
    }
    ByteBuffer hashes = ByteBuffer.allocate(32 * width);
    for (int i = 0; i < width; i++) {
      hashes.put(tree.subtree(8 * level, index * FULL + i).toBytes());
    }
    return hashes.array();
  }
}
