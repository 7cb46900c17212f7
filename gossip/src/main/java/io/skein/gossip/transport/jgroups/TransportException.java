package io.skein.gossip.transport.jgroups;

/// The transport could not be started.
public sealed class TransportException extends RuntimeException permits PortInUseException {
  private static final long serialVersionUID = 1L;

  TransportException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    String message = super.getMessage();
    return message == null ? "" : message;
  }
}
