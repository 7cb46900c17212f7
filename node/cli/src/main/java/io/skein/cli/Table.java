package io.skein.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Rows under upper-case heads, aligned by spaces; all columns begin at one place, so that a table
/// that is watched does not jump when a figure becomes unknown.
final class Table {
  private static final Map<String, String> COLOURS =
      Map.ofEntries(
          Map.entry("alive", "32"),
          Map.entry("healthy", "32"),
          Map.entry("up", "32"),
          Map.entry("in sync", "32"),
          Map.entry("suspect", "33"),
          Map.entry("probing", "33"),
          Map.entry("draining", "33"),
          Map.entry("dead", "31"),
          Map.entry("down", "31"),
          Map.entry("set-aside", "31"),
          Map.entry("unhealthy", "31"),
          Map.entry("frozen", "31"),
          Map.entry("revoked", "31"));

  private final List<String> heads;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    this.heads = List.of(heads);
  }

  Table(List<String> heads) {
    this.heads = List.copyOf(heads);
  }

  Table row(String... cells) {
    return row(Arrays.asList(cells));
  }

  Table row(List<String> cells) {
    if (cells.size() != heads.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells.size() + " (expected: " + heads.size() + ")");
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  String render(boolean colour) {
    StringBuilder out = new StringBuilder();
    line(out, heads, false);
    rows.forEach(row -> line(out, row, colour));
    return out.toString();
  }

  private void line(StringBuilder out, List<String> cells, boolean colour) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cells.get(i);
      boolean last = i == cells.size() - 1;
      String space = " ".repeat(width(i) - length(cell));
      String painted =
          colour && COLOURS.containsKey(cell)
              ? "\u001b[" + COLOURS.get(cell) + "m" + cell + "\u001b[0m"
              : cell;
      line.append(last ? painted : painted + space);
      line.append(last ? "" : "  ");
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private int width(int column) {
    int width = length(heads.get(column));
    for (List<String> row : rows) {
      width = Math.max(width, length(row.get(column)));
    }
    return width;
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
