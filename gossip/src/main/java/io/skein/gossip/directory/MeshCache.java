package io.skein.gossip.directory;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.CacheException;
import org.infinispan.commons.marshall.WrappedByteArray;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.DataContainer;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.context.Flag;
import org.infinispan.distribution.LocalizedCacheTopology;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.jspecify.annotations.Nullable;

/// The replicated cache on the mesh's channel. Bytes in, bytes out; whatever they mean is told
/// elsewhere. Any thread; writes block, at worst for the configured answer time.
final class MeshCache implements AutoCloseable {
  private static final String NAME = "directory";
  private static final byte[] NOTHING = new byte[0];

  private final DefaultCacheManager cells;
  private final DataContainer<String, Object> copy;
  private final AdvancedCache<String, byte[]> replicated;
  private final AdvancedCache<String, byte[]> local;

  private MeshCache(DefaultCacheManager cells, AdvancedCache<String, byte[]> cache) {
    this.cells = cells;
    this.copy = stored(cache);
    this.replicated = cache.withFlags(Flag.IGNORE_RETURN_VALUES);
    this.local = cache.withFlags(Flag.IGNORE_RETURN_VALUES, Flag.CACHE_MODE_LOCAL);
  }

  // The container holds values as the cache wraps them, whatever the cache's own type says.
  @SuppressWarnings("unchecked")
  private static DataContainer<String, Object> stored(AdvancedCache<String, byte[]> cache) {
    return (DataContainer<String, Object>) (DataContainer<?, ?>) cache.getDataContainer();
  }

  /// Starts Infinispan; blocks until this node has a copy that it can write, its content may still
  /// be on the way.
  ///
  /// @throws CacheException if it does not start
  static MeshCache open(
      ChannelShare share, DirectoryConfig config, EntryMergePolicy<String, Object> merging) {
    long answerMillis = config.answer().toMillis();
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global.cacheManagerName("skein");
    global
        .transport()
        .defaultTransport()
        .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, new ChannelShare.Given(share))
        .distributedSyncTimeout(answerMillis, TimeUnit.MILLISECONDS);
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.jmx().disable();
    global.metrics().gauges(false).histograms(false).jvm(false);
    global.cacheContainer().statistics(false);
    ConfigurationBuilder builder = new ConfigurationBuilder();
    builder
        .clustering()
        .cacheMode(CacheMode.REPL_SYNC)
        .remoteTimeout(answerMillis, TimeUnit.MILLISECONDS);
    builder
        .clustering()
        .partitionHandling()
        .whenSplit(PartitionHandling.ALLOW_READ_WRITES)
        .mergePolicy(merging);
    builder.clustering().stateTransfer().awaitInitialTransfer(false);
    builder.expiration().disableReaper();
    builder.statistics().disable();

    builder.clustering().hash().numSegments(64);
    DefaultCacheManager cells = new DefaultCacheManager(global.build(), false);
    try {
      cells.start();
      share.handOver();
      cells.defineConfiguration(NAME, builder.build());
      return new MeshCache(cells, cells.<String, byte[]>getCache(NAME).getAdvancedCache());
    } catch (RuntimeException e) {
      cells.stop();
      throw e;
    }
  }

  /// Writes to all copies.
  void put(String key, byte[] bytes) {
    replicated.put(key, bytes);
  }

  /// Writes to this node's copy alone.
  void putHere(String key, byte[] bytes) {
    local.put(key, bytes);
  }

  /// Removes from this node's copy alone.
  void removeHere(String key) {
    local.remove(key);
  }

  /// What this node's copy holds now; asks nobody.
  Map<String, byte[]> held() {
    Map<String, byte[]> held = new HashMap<>();
    for (InternalCacheEntry<String, Object> entry : copy) {
      held.put(entry.getKey(), bytes(entry.getValue()));
    }
    return held;
  }

  /// What this node's copy holds of `key`; no bytes if nothing.
  byte[] here(String key) {
    InternalCacheEntry<String, Object> entry = copy.peek(key);
    return entry == null ? NOTHING : bytes(entry.getValue());
  }

  /// The bytes of a stored value; none of anything else.
  static byte[] bytes(@Nullable Object stored) {
    return switch (stored) {
      case byte[] bytes -> bytes;
      case WrappedByteArray wrapped -> wrapped.getBytes();
      case null, default -> NOTHING;
    };
  }

  /// How many nodes have a copy, as far as this one knows; 0 while some copy is on its way.
  int copies() {
    LocalizedCacheTopology topology = replicated.getDistributionManager().getCacheTopology();
    return topology.getPendingCH() == null ? topology.getMembers().size() : 0;
  }

  /// How many entries this node's copy holds.
  int size() {
    return copy.sizeIncludingExpired();
  }

  @Override
  public void close() {
    cells.stop();
  }
}
