package io.skein.gossip.transport.jgroups;

import io.skein.gossip.transport.MeshAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jgroups.Message;
import org.jgroups.fork.UnknownForkHandler;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FORK;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.PerDestinationBundler;
import org.jgroups.protocols.RED;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;

/// The protocols from the socket up. Each departure from JGroups' defaults has its reason beside
/// it.
final class MeshStack {
  private static final int DETECTOR_PORT_OFFSET = 100;
  private static final int PORTS = 65_536;
  private static final int FIRST_PORT = 1_024;
  private static final Duration MERGE = Duration.ofSeconds(3);
  private static final int MAX_FRAME_BYTES = 4 << 20;
  private static final long CREDIT_BYTES = 4_000_000;

  private MeshStack() {}

  static Protocol[] protocols(JGroupsConfig config, LiveSessions live, PartedPeers parted)
      throws UnknownHostException {
    JGroupsTimers timers = config.timers();
    InetAddress bind = InetAddress.getByName(config.bind().host());
    MeshMerging merging = new MeshMerging(timers, parted, System::nanoTime);
    MeshVerification verification = new MeshVerification(timers, bind);
    return new Protocol[] {
      tcp(config, live, bind),
      new RED(),
      // the detector watches one neighbour; all are connected, and see each other's sockets close
      new Hearsay(verification::lookAt),
      discovery(config, merging),
      merging,
      // without an address of its own it would listen on whatever interface comes first
      detector(config, bind),
      // it gives its neighbour a second to answer
      new Hearsay(verification::doubt),
      new FD_ALL3()
          .setTimeout(timers.silence().toMillis())
          .setInterval(timers.heartbeat().toMillis()),
      verification,
      new NAKACK2().useMcastXmit(false),
      new UNICAST3(),
      new STABLE(),
      new MeshMembership()
          .setLeaveTimeout(timers.leave().toMillis())
          .setViewAckCollectionTimeout(timers.viewAcknowledgement().toMillis())
          // two answers one after the other; who waits for a merge that fails merges with nobody
          // else for twice as long, with JGroups' default for ten seconds
          .setMergeTimeout(MERGE.toMillis())
          .printLocalAddress(false),
      new UFC().setMaxCredits(CREDIT_BYTES),
      new MFC().setMaxCredits(CREDIT_BYTES),
      new FRAG4().setFragSize(60_000),
      new FORK().setUnknownForkHandler(new IgnoreUnknownForks())
    };
  }

  /// Where FD_SOCK2 of a member listens: the first port that it tries.
  static int detectorPort(int meshPort) {
    int port = (meshPort + DETECTOR_PORT_OFFSET) % PORTS;
    return port < FIRST_PORT ? port + FIRST_PORT : port;
  }

  private static TCP tcp(JGroupsConfig config, LiveSessions live, InetAddress bind)
      throws UnknownHostException {
    TCP tcp = new MeshTcp(config.timers().silence());
    tcp.setBindAddress(bind);
    tcp.setBindPort(config.bind().port());
    tcp.setPortRange(0);
    // otherwise connections leave from another address and rules by address miss them
    tcp.setClientBindAddr(bind);
    // Nagle's algorithm with delayed acknowledgements costs 40 ms a round trip
    tcp.tcpNodelay(true);
    tcp.setSockConnTimeout(Math.toIntExact(config.timers().connect().toMillis()));
    tcp.setPeerAddrReadTimeout(1_000);
    // for Hearsay
    tcp.enableSuspectEvents(true);
    // a length field from the network must not decide how much is allocated
    tcp.setMaxLength(MAX_FRAME_BYTES);
    // refused peers are logged by MeshServerSocket, with the reason
    tcp.logAcceptError(false);
    tcp.logDetails(false);
    tcp.useVirtualThreads(true);
    // One thread for all would stand still with the first peer that does: one whose process is
    // stopped takes connections and never shakes hands, and all the others, unheard meanwhile, took
    // each other for dead.
    tcp.setBundler(new PerDestinationBundler().useSingleSenderThread(false));
    if (config.advertise().isPresent()) {
      MeshAddress advertised = config.advertise().get();
      tcp.setExternalAddr(InetAddress.getByName(advertised.host()));
      tcp.setExternalPort(advertised.port());
    }
    if (config.tls().isPresent()) {
      tcp.setSocketFactory(new MeshSockets(config.tls().get(), live));
    }
    return tcp;
  }

  private static FD_SOCK2 detector(JGroupsConfig config, InetAddress bind)
      throws UnknownHostException {
    FD_SOCK2 detector = new MeshDetector().setBindAddress(bind).setOffset(DETECTOR_PORT_OFFSET);
    if (config.advertise().isPresent()) {
      detector.setExternalAddress(InetAddress.getByName(config.advertise().get().host()));
    }
    return detector;
  }

  private static TCPPING discovery(JGroupsConfig config, MeshMerging merging) {
    TCPPING discovery = new MeshDiscovery(config.others(), merging::asked);
    discovery.setPortRange(0);
    discovery.asyncDiscovery(true);
    discovery.returnEntireCache(true);
    return discovery;
  }

  /// Between a node's connecting and its fork's, messages for the fork arrive: they are just lost.
  private static final class IgnoreUnknownForks implements UnknownForkHandler {
    private static final Object HANDLED = new Object();

    @Override
    public Object handleUnknownForkStack(Message message, String forkStackId) {
      return HANDLED;
    }

    @Override
    public Object handleUnknownForkChannel(Message message, String forkChannelId) {
      return HANDLED;
    }
  }
}
