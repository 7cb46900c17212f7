package io.skein.chaos.stock;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.infinispan.AdvancedCache;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.context.Flag;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.AvailabilityMode;
import org.infinispan.remoting.transport.jgroups.AbstractJGroupsChannelConfigurator;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.topology.CacheTopology;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.SocketFactory;

/// An Infinispan as it comes, in this JVM: replicated caches, synchronous, over a network in memory
/// that can be cut. Of its configuration only what a [StockCache] says and the timers differ from
/// the defaults.
final class StockNode implements AutoCloseable {
  private static final long ANSWER_MILLIS = 20_000;

  final String name;
  private final JChannel channel;
  private final DefaultCacheManager manager;
  private final DISCARD discard = new DISCARD();

  StockNode(String mesh, String name) throws Exception {
    this.name = name;
    this.channel =
        new JChannel(
            new SHARED_LOOPBACK(),
            discard,
            new SHARED_LOOPBACK_PING(),
            new MERGE3().setMinInterval(400).setMaxInterval(1_200),
            new FD_ALL3().setTimeout(3_000).setInterval(500),
            new VERIFY_SUSPECT2().setTimeout(500),
            new NAKACK2().useMcastXmit(false),
            new UNICAST3(),
            new STABLE(),
            new GMS().setJoinTimeout(1_000).printLocalAddress(false),
            new UFC(),
            new MFC(),
            new FRAG4());
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global
        .transport()
        .defaultTransport()
        .clusterName(mesh)
        .nodeName(name)
        .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, new Given(channel))
        .distributedSyncTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.jmx().disable();
    this.manager = new DefaultCacheManager(global.build());
  }

  /// Starts a cache; blocks until its content is here.
  void open(StockCache cache) {
    ConfigurationBuilder builder = new ConfigurationBuilder();
    builder
        .clustering()
        .cacheMode(CacheMode.REPL_SYNC)
        .remoteTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .partitionHandling()
        .whenSplit(cache.whenSplit())
        .mergePolicy(cache.merging());
    manager.defineConfiguration(cache.name(), builder.build());
    cache(cache);
  }

  AdvancedCache<String, String> cache(StockCache cache) {
    return manager.<String, String>getCache(cache.name()).getAdvancedCache();
  }

  /// What this node's copy holds.
  Map<String, String> held(StockCache cache) {
    Map<String, String> held = new TreeMap<>();
    cache(cache)
        .withFlags(Flag.CACHE_MODE_LOCAL)
        .entrySet()
        .forEach(entry -> held.put(entry.getKey(), entry.getValue()));
    return held;
  }

  /// Whether it sees `side` of all `nodes` and has nothing left to do about it: all of them have
  /// copies, or the cache has noticed that it may not serve.
  boolean atRest(StockCache cache, int side, int nodes) {
    if (manager.getMembers().size() != side) {
      return false;
    }
    LocalizedCacheTopology topology = cache(cache).getDistributionManager().getCacheTopology();
    boolean denied = cache(cache).getAvailability() == AvailabilityMode.DEGRADED_MODE;
    return topology.getPhase() == CacheTopology.Phase.NO_REBALANCE
        && (denied ? side < nodes : topology.getMembers().size() == side);
  }

  /// Drops whatever comes from `others`.
  void ignore(List<StockNode> others) {
    others.forEach(other -> discard.addIgnoreMember(other.address()));
  }

  /// Hears everybody again.
  void heed() {
    discard.resetIgnoredMembers();
  }

  private Address address() {
    return channel.getAddress();
  }

  @Override
  public void close() {
    manager.stop();
    channel.close();
  }

  /// How Infinispan is given a channel.
  private static final class Given extends AbstractJGroupsChannelConfigurator {
    private final JChannel channel;

    Given(JChannel channel) {
      this.channel = channel;
    }

    @Override
    public String getName() {
      return "stock";
    }

    @Override
    public JChannel createChannel(String name) {
      return channel;
    }

    @Override
    public String getProtocolStackString() {
      return "";
    }

    @Override
    public List<ProtocolConfiguration> getProtocolStack() {
      return List.of();
    }

    @Override
    public void setSocketFactory(SocketFactory factory) {
      // it has no sockets
    }
  }
}
