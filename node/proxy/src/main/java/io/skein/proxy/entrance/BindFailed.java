package io.skein.proxy.entrance;

/// A listener could not bind its address.
public final class BindFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BindFailed(String listener, String host, int port, Throwable cause) {
    super(
        "listener " + listener + ": cannot bind " + host + ":" + port + ": " + cause.getMessage(),
        cause);
  }
}
