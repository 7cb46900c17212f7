package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.skein.proxy.entrance.Listeners;
import java.util.List;

/// Netty's strict decoder, which tells its connection when bytes arrive, so that a head dripping in
/// byte by byte can be timed. Between two messages [PlainHead] has the first look. Stricter still
/// about the request line: one space between its words, and the protocol's name in upper case (RFC
/// 9112 §3; what else is taken for a space is its §11.2's affair).
final class Http1RequestDecoder extends HttpRequestDecoder {
  private final Http1Server server;
  private final PlainHead plain;
  private final int maxHeaderBytes;
  private final int maxLineBytes;
  private boolean between = true;

  /// Where the request line's latest word ended.
  private int wordEnd;

  Http1RequestDecoder(Worker worker, Http1Server server) {
    this(worker.plane.config, worker.plain, server);
  }

  private Http1RequestDecoder(ProxyConfig config, PlainHead plain, Http1Server server) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(Listeners.READ_BYTES)
            .setInitialBufferSize(64));
    this.server = server;
    this.plain = plain;
    this.maxHeaderBytes = config.maxHeaderBytes();
    this.maxLineBytes = config.maxLineBytes();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    server.bytesArrived();
    if (between && actualReadableBytes() == 0 && msg instanceof ByteBuf in) {
      HttpRequest request = plain.request(in, maxHeaderBytes, maxLineBytes);
      if (request != null) {
        in.release();
        ctx.fireChannelRead(request);
        ctx.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
        return;
      }
    }
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

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    int bytes = in.readableBytes();
    int messages = out.size();
    super.decode(ctx, in, out);
    between = PlainHead.between(between, in.readableBytes() != bytes, out, messages);
  }
}
