package io.skein.proxy.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Netty's strict decoder, which tells its connection when bytes arrive, so that a head dripping in
/// byte by byte can be timed. Stricter still about the request line: one space between its words,
/// and the protocol's name in upper case (RFC 9112 §3; what else is taken for a space is its
/// §11.2's affair).
final class Http1RequestDecoder extends HttpRequestDecoder {
  private final Http1Downstream downstream;

  /// Where the request line's latest word ended.
  private int wordEnd;

  Http1RequestDecoder(ProxyConfig config, Http1Downstream downstream) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(ProxyServer.READ_BYTES)
            .setInitialBufferSize(256));
    this.downstream = downstream;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    downstream.bytesArrived();
    super.channelRead(ctx, msg);
  }

  @Override
  protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
    wordEnd = start + length;
    return super.splitFirstWordInitialLine(line, start, length);
  }

  @Override
  protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
    follows(line, start, length);
    return super.splitSecondWordInitialLine(line, start, length);
  }

  @Override
  protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
    follows(line, start, length);
    if (length > 0 && (line[start] < 'A' || line[start] > 'Z')) {
      throw new IllegalArgumentException("the protocol's name");
    }
    return super.splitThirdWordInitialLine(line, start, length);
  }

  private void follows(byte[] line, int start, int length) {
    if (length > 0 && (start != wordEnd + 1 || line[wordEnd] != ' ')) {
      throw new IllegalArgumentException("the request line's spaces");
    }
    wordEnd = start + length;
  }
}
