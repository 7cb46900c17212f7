package io.skein.proxy.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads `framing/requests.txt`, whose head says what its lines mean.
final class FramingCorpus {
  private FramingCorpus() {}

  /// How a payload has to end.
  enum Verdict {
    /// Refused by the proxy before anybody saw it.
    REFUSE,
    /// The same, but its head may have gone out.
    CUT,
    /// The client stops in the midst of it.
    EOF,
    /// It is one or more sound requests.
    PASS
  }

  /// @param last whether the connection ends before the canary
  /// @param expected what is answered: a request as the origin sees it, or `=` and a status of the
  ///   proxy's own
  /// @param hidden names of fields that nobody may see
  record Payload(
      String category,
      String name,
      Verdict verdict,
      boolean last,
      List<String> expected,
      List<String> hidden,
      String bytes) {
    @Override
    public String toString() {
      return category + ": " + name;
    }
  }

  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  static List<Payload> read() throws IOException {
    List<Payload> all = new ArrayList<>();
    String category = "";
    for (String line : text("/framing/requests.txt").split("\n")) {
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("[")) {
        category = line.substring(1, line.length() - 1);
        continue;
      }
      String[] columns = line.split("\t", 3);
      if (columns.length < 3) {
        throw new IOException("not three columns: " + line);
      }
      all.add(payload(category, columns[0], columns[1], bytes(columns[2])));
    }
    return all;
  }

  /// The lines of another corpus, each in so many columns.
  static List<String[]> rows(String resource, int columns) throws IOException {
    List<String[]> rows = new ArrayList<>();
    for (String line : text(resource).split("\n")) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        String[] row = line.split("\t", columns);
        if (row.length < columns) {
          throw new IOException("not " + columns + " columns: " + line);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String text(String resource) throws IOException {
    try (InputStream in = FramingCorpus.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no " + resource + " on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  private static Payload payload(String category, String verdict, String name, String bytes) {
    List<String> expected = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    boolean last = false;
    Verdict kind = Verdict.PASS;
    for (String word : verdict.split(" ")) {
      switch (word) {
        case "refuse" -> kind = Verdict.REFUSE;
        case "cut" -> kind = Verdict.CUT;
        case "eof" -> kind = Verdict.EOF;
        case "last" -> last = true;
        default -> {
          if (word.startsWith("!")) {
            hidden.add(word.substring(1));
          } else {
            expected.add(word);
          }
        }
      }
    }
    return new Payload(
        category, name, kind, last, List.copyOf(expected), List.copyOf(hidden), bytes);
  }

  /// Puts bytes, as characters of ISO 8859-1, in the place of what stands for them.
  static String bytes(String written) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < written.length(); i++) {
      char c = written.charAt(i);
      if (c == '\\') {
        char what = written.charAt(++i);
        if (what == 'x') {
          bytes.append((char) Integer.parseInt(written.substring(i + 1, i + 3), 16));
          i += 2;
        } else {
          bytes.append(escaped(what));
        }
      } else if (c == '{') {
        int end = written.indexOf('}', i);
        bytes.append(named(written.substring(i + 1, end)));
        i = end;
      } else {
        bytes.append(c);
      }
    }
    return bytes.toString();
  }

  private static char escaped(char what) {
    return switch (what) {
      case 'r' -> '\r';
      case 'n' -> '\n';
      case 't' -> '\t';
      case '0' -> '\0';
      case '\\' -> '\\';
      default -> throw new IllegalArgumentException("\\" + what);
    };
  }

  private static String named(String name) {
    return switch (name) {
      case "GET" -> "GET /p HTTP/1.1\r\nHost: a\r\n";
      case "POST" -> "POST /p HTTP/1.1\r\nHost: a\r\n";
      case "TE" -> "Transfer-Encoding: chunked\r\n";
      case "SMUGGLED" -> SMUGGLED;
      default -> {
        if (name.length() < 3 || name.charAt(1) != '*') {
          throw new IllegalArgumentException("{" + name + "}");
        }
        yield name.substring(0, 1).repeat(Integer.parseInt(name.substring(2)));
      }
    };
  }
}
