package io.skein.proxy.http;

/// A listener could not bind its address.
public final class BindFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ListenerConfig listener;

  BindFailed(ListenerConfig listener, Throwable cause) {
    super(
        "listener "
            + listener.name()
            + ": cannot bind "
            + listener.host()
            + ":"
            + listener.port()
            + ": "
            + cause.getMessage(),
        cause);
    this.listener = listener;
  }

  /// The listener that failed, with its address.
  public ListenerConfig listener() {
    return listener;
  }
}
