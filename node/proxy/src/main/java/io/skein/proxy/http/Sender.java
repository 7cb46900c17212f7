package io.skein.proxy.http;

/// A connection with written bytes that [Worker#flush] sends at the end of an event; event loop
/// only.
interface Sender {
  void flush();
}
