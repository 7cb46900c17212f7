package io.skein.proxy.entrance;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import java.io.IOException;

/// Settings of a [ClientChannel], which begins with those of every connection of a client. The
/// system is asked for its own when somebody asks here, never before.
final class ClientChannelConfig extends EpollChannelConfig implements SocketChannelConfig {
  /// One read at a time, before others have their turn.
  private static final RecvByteBufAllocator READS = Listeners.receiveBuffers();

  /// For Netty's constructor, which has it read up to 16 times.
  private static final RecvByteBufAllocator UNUSED = Listeners.receiveBuffers();

  private volatile boolean allowHalfClosure;
  private volatile RecvByteBufAllocator reads = READS;

  ClientChannelConfig(ClientChannel channel) {
    super(channel, UNUSED);
    super.setAllocator(PooledByteBufAllocator.DEFAULT);
    super.setWriteBufferWaterMark(Listeners.WATER_MARK);
  }

  @Override
  @SuppressWarnings("unchecked") // each option has the type of its value
  public <T> T getOption(ChannelOption<T> option) {
    if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
      return (T) (Boolean) allowHalfClosure;
    } else if (option == ChannelOption.SO_KEEPALIVE) {
      return (T) (Boolean) isKeepAlive();
    } else if (option == ChannelOption.SO_LINGER) {
      return (T) (Integer) getSoLinger();
    } else if (option == ChannelOption.TCP_NODELAY) {
      return (T) (Boolean) isTcpNoDelay();
    }
    return super.getOption(option);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
      setAllowHalfClosure((Boolean) value);
    } else if (option == ChannelOption.SO_KEEPALIVE) {
      setKeepAlive((Boolean) value);
    } else if (option == ChannelOption.SO_LINGER) {
      setSoLinger((Integer) value);
    } else if (option == ChannelOption.TCP_NODELAY) {
      setTcpNoDelay((Boolean) value);
    } else {
      return super.setOption(option, value);
    }
    return true;
  }

  @Override
  public boolean isAllowHalfClosure() {
    return allowHalfClosure;
  }

  @Override
  public ClientChannelConfig setAllowHalfClosure(boolean allow) {
    allowHalfClosure = allow;
    return this;
  }

  // ---- what the system keeps

  @FunctionalInterface
  private interface Asking<T> {
    T ask() throws IOException;
  }

  @FunctionalInterface
  private interface Setting {
    void set() throws IOException;
  }

  private static <T> T ask(Asking<T> asking) {
    try {
      return asking.ask();
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  private ClientChannelConfig set(Setting setting) {
    try {
      setting.set();
      return this;
    } catch (IOException e) {
      throw new ChannelException(e);
    }
  }

  @Override
  public boolean isTcpNoDelay() {
    return ask(socket()::isTcpNoDelay);
  }

  @Override
  public ClientChannelConfig setTcpNoDelay(boolean on) {
    return set(() -> socket().setTcpNoDelay(on));
  }

  @Override
  public int getSoLinger() {
    return ask(socket()::getSoLinger);
  }

  @Override
  public ClientChannelConfig setSoLinger(int seconds) {
    return set(() -> socket().setSoLinger(seconds));
  }

  @Override
  public int getSendBufferSize() {
    return ask(socket()::getSendBufferSize);
  }

  @Override
  public ClientChannelConfig setSendBufferSize(int bytes) {
    return set(() -> socket().setSendBufferSize(bytes));
  }

  @Override
  public int getReceiveBufferSize() {
    return ask(socket()::getReceiveBufferSize);
  }

  @Override
  public ClientChannelConfig setReceiveBufferSize(int bytes) {
    return set(() -> socket().setReceiveBufferSize(bytes));
  }

  @Override
  public boolean isKeepAlive() {
    return ask(socket()::isKeepAlive);
  }

  @Override
  public ClientChannelConfig setKeepAlive(boolean on) {
    return set(() -> socket().setKeepAlive(on));
  }

  @Override
  public int getTrafficClass() {
    return ask(socket()::getTrafficClass);
  }

  @Override
  public ClientChannelConfig setTrafficClass(int value) {
    return set(() -> socket().setTrafficClass(value));
  }

  @Override
  public boolean isReuseAddress() {
    return ask(socket()::isReuseAddress);
  }

  @Override
  public ClientChannelConfig setReuseAddress(boolean on) {
    return set(() -> socket().setReuseAddress(on));
  }

  @Override
  public ClientChannelConfig setPerformancePreferences(int time, int latency, int bandwidth) {
    return this;
  }

  // ---- what the channel keeps, with the types that the interface wants

  @Override
  public ClientChannelConfig setConnectTimeoutMillis(int millis) {
    super.setConnectTimeoutMillis(millis);
    return this;
  }

  @Override
  @Deprecated
  public ClientChannelConfig setMaxMessagesPerRead(int count) {
    super.setMaxMessagesPerRead(count);
    return this;
  }

  @Override
  public ClientChannelConfig setWriteSpinCount(int count) {
    super.setWriteSpinCount(count);
    return this;
  }

  @Override
  public ClientChannelConfig setAllocator(ByteBufAllocator allocator) {
    super.setAllocator(allocator);
    return this;
  }

  /// Kept here: what it is kept in else makes one more handle for each connection, to look at its
  /// type.
  @Override
  public ClientChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator allocator) {
    reads = allocator;
    return this;
  }

  @Override
  @SuppressWarnings("unchecked") // as the interface has it
  public <T extends RecvByteBufAllocator> T getRecvByteBufAllocator() {
    return (T) reads;
  }

  @Override
  public ClientChannelConfig setAutoRead(boolean autoRead) {
    super.setAutoRead(autoRead);
    return this;
  }

  @Override
  public ClientChannelConfig setAutoClose(boolean autoClose) {
    super.setAutoClose(autoClose);
    return this;
  }

  @Override
  @Deprecated
  public ClientChannelConfig setWriteBufferHighWaterMark(int bytes) {
    super.setWriteBufferHighWaterMark(bytes);
    return this;
  }

  @Override
  @Deprecated
  public ClientChannelConfig setWriteBufferLowWaterMark(int bytes) {
    super.setWriteBufferLowWaterMark(bytes);
    return this;
  }

  @Override
  public ClientChannelConfig setMessageSizeEstimator(MessageSizeEstimator estimator) {
    super.setMessageSizeEstimator(estimator);
    return this;
  }

  @Override
  public ClientChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark mark) {
    super.setWriteBufferWaterMark(mark);
    return this;
  }
}
