package io.skein.routing.ejection;

/// What is wrong with an endpoint, gravest first.
public enum Ailment {
  /// It does not accept connections.
  DEAD("dead"),
  /// It answers probes well and requests with failures: what is probed says nothing about it.
  LYING("lying"),
  /// It answers with failures.
  FAILING("failing"),
  /// It answers well, and much later than its like.
  SLOW("slow");

  private final String text;

  Ailment(String text) {
    this.text = text;
  }

  /// The word used in records and in the API.
  public String text() {
    return text;
  }
}
