package io.skein.chaos.workload;

import io.skein.chaos.driver.TextSocket;
import io.skein.chaos.history.Json;
import io.skein.chaos.history.Vocabulary;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.CRC32;

/// Keeps a connection through one node's balancer for as long as it holds, then makes another one:
/// sends some numbered lines at once and waits until all have come back.
final class Talker implements Client {
  private static final long PAUSE_MILLIS = 200;
  private static final int SILENCE_MILLIS = 10_000;
  private static final String PATH = "/lines";
  private static final int MOST_LINES = 4;
  private static final int MOST_LENGTH = 4_000;
  private static final int BEGINNING = 24;

  private final Session session;
  private final String service;
  private final SplittableRandom random;
  private Optional<TextSocket> open = Optional.empty();
  private String connection = "";
  private long connections;
  private long lines;

  /// @param service whose endpoint sends lines back
  Talker(Session session, String service, long seed) {
    this.session = session;
    this.service = service;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public void step() {
    open.ifPresentOrElse(this::talk, this::connect);
  }

  private void connect() {
    connection = session.target().name() + "-" + session.process() + "-" + ++connections;
    Json.Members asked = Json.object().with("connection", connection);
    session.invoke(Vocabulary.CONNECT, asked);
    try {
      open =
          Optional.of(
              TextSocket.dial(session.target().traffic(), service, PATH, SILENCE_MILLIS, random));
      session.ok(Vocabulary.CONNECT, asked);
    } catch (IOException e) {
      session.fail(Vocabulary.CONNECT, asked.with("why", String.valueOf(e.getMessage())));
    }
  }

  private void talk(TextSocket socket) {
    List<String> sent = new ArrayList<>();
    for (int left = random.nextInt(1, MOST_LINES + 1); left > 0; left--) {
      sent.add(line());
    }
    Json.Members asked = Json.object().with("connection", connection);
    session.invoke(Vocabulary.TALK, asked.with("sent", briefs(sent)));
    List<String> got = new ArrayList<>();
    Set<String> from = new TreeSet<>();
    try {
      try {
        for (String line : sent) {
          socket.send(line);
        }
        for (int i = 0; i < sent.size(); i++) {
          String answer = socket.receive();
          int blank = answer.indexOf(' ');
          from.add(answer.substring(0, Math.max(0, blank)));
          got.add(answer.substring(blank + 1));
        }
      } catch (ProtocolException e) {
        got.add(String.valueOf(e.getMessage()));
        throw e;
      }
      session.ok(Vocabulary.TALK, told(asked, from, got));
    } catch (IOException e) {
      end();
      session.unsure(
          Vocabulary.TALK, told(asked, from, got).with("why", String.valueOf(e.getMessage())));
    }
  }

  private static Json.Members told(Json.Members asked, Set<String> from, List<String> got) {
    return asked.with("from", Json.strings(from)).with("got", briefs(got));
  }

  /// `n1-14-3 17 abc…`: no other line of a run is the same.
  private String line() {
    StringBuilder line = new StringBuilder(connection + " " + ++lines + " ");
    for (int left = random.nextInt(MOST_LENGTH); left > 0; left--) {
      line.append((char) random.nextInt('a', 'z' + 1));
    }
    return line.toString();
  }

  private static Json briefs(List<String> lines) {
    return Json.strings(lines.stream().map(Talker::brief).toList());
  }

  /// What stands for a line in the history: how it begins, its length and its checksum.
  static String brief(String line) {
    CRC32 sum = new CRC32();
    sum.update(line.getBytes(StandardCharsets.UTF_8));
    return line.substring(0, Math.min(BEGINNING, line.length()))
        + " "
        + line.length()
        + " "
        + Long.toHexString(sum.getValue());
  }

  @Override
  public void end() {
    open.ifPresent(socket -> {
      try {
        socket.close();
      } catch (IOException _) {
        // It is gone either way.
      }
    });
    open = Optional.empty();
  }

  @Override
  public long pauseMillis() {
    return PAUSE_MILLIS;
  }
}
