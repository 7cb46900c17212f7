package io.skein.app.mesh;

/// Channels of the transport; the low ones overtake.
final class Channels {
  static final int STATE = 1;
  static final int CONTACT = 2;
  static final int GOODBYE = 3;
  static final int GREETING = 4;
  static final int RECORDS = 32;

  private Channels() {}
}
