package io.skein.proxy.route;

/// A request as rules look at it.
public interface Asked {
  /// `GET` and the like.
  String method();

  /// The Host as received, possibly with a port, possibly empty.
  String host();

  /// Path and query, the path in the form of [SafePath].
  String target();

  /// Whether any field of that name has a value that `match` takes.
  boolean anyField(String name, TextMatch match);
}
