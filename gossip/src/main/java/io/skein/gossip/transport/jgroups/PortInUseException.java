package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;

/// Another program listens where this node was told to, or on the failure detector's port.
public final class PortInUseException extends TransportException {
  private static final long serialVersionUID = 1L;

  private final transient MeshAddress address;

  PortInUseException(MeshAddress address, Throwable cause) {
    super(
        "cannot listen at " + address + " and on the port 100 above it: " + cause.getMessage(),
        cause);
    this.address = address;
  }

  /// The mesh address that was asked for.
  public MeshAddress address() {
    return address;
  }
}
