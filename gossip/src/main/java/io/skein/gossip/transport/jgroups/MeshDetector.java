package io.skein.gossip.transport.jgroups;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.stack.IpAddress;

/// FD_SOCK2 that holds up no view.
///
/// JGroups dials the next neighbour while it installs a view, and waits a second for each port that
/// does not answer: whoever leads a merge told its own part of the new view only then, two seconds
/// after the other part. Here that is done on a thread of its own, one neighbour after the other.
///
/// It did not answer because its connection from before the split was still there: an answer goes
/// by the connection that a neighbour is known by, and that one led nowhere. So connections to
/// those who have left the view are closed.
final class MeshDetector extends FD_SOCK2 {
  private final ExecutorService dialling =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("skein-detector").factory());

  MeshDetector() {
    // messages are told apart by the protocol's number, which JGroups knows for its own class only
    setId(ClassConfigurator.getProtocolId(FD_SOCK2.class));
  }

  @Override
  protected void handleView(View next) {
    List<Address> left = new ArrayList<>(members.getMembers());
    left.removeAll(next.getMembers());
    dialling.execute(() -> left.forEach(this::hangUp));
    super.handleView(next);
  }

  private void hangUp(Address left) {
    if (down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, left)) instanceof IpAddress at) {
      for (int port : computeBindPorts(at.getPort())) {
        srv.closeConnection(new IpAddress(at.getIpAddress(), port), false);
      }
    }
  }

  @Override
  public void handle(Request request) {
    dialling.execute(() -> dial(request));
  }

  private void dial(Request request) {
    try {
      super.handle(request);
    } catch (Exception e) {
      log.error("the detector failed at %s: %s", request, e);
    }
  }

  @Override
  public void stop() {
    super.stop();
    dialling.shutdownNow();
  }
}
