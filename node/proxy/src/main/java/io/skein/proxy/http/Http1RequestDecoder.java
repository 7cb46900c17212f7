package io.skein.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.skein.proxy.entrance.Listeners;
import java.util.List;

/// Netty's strict decoder, and stricter still about the request line: one space between its words,
/// and the protocol's name in upper case (RFC 9112 §3; what else is taken for a space is its
/// §11.2's affair). Between two messages [PlainHead] has the first look.
final class Http1RequestDecoder extends HttpRequestDecoder {
  private final Http1Entry entry;
  private final PlainHead plain;
  private final int maxHeaderBytes;
  private final int maxLineBytes;
  private boolean between = true;

  /// Where the request line's latest word ended.
  private int wordEnd;

  Http1RequestDecoder(ProxyConfig config, PlainHead plain, Http1Entry entry) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(config.maxLineBytes())
            .setMaxHeaderSize(config.maxHeaderBytes())
            .setMaxChunkSize(Listeners.READ_BYTES)
            .setInitialBufferSize(64));
    this.entry = entry;
    this.plain = plain;
    this.maxHeaderBytes = config.maxHeaderBytes();
    this.maxLineBytes = config.maxLineBytes();
  }

  /// Takes it out of a pipeline, if it is there: bytes not yet decoded go on to the next handler.
  static void leave(ChannelPipeline pipeline) {
    Http1RequestDecoder decoder = pipeline.get(Http1RequestDecoder.class);
    if (decoder != null) {
      pipeline.remove(decoder);
    }
  }

  /// Decodes the first bytes, at which [PlainHead] has looked already.
  void begin(ChannelHandlerContext ctx, ByteBuf first) throws Exception {
    super.channelRead(ctx, first);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    entry.bytesArrived();
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
