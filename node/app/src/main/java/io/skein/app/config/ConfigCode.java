package io.skein.app.config;

import io.skein.cli.HelpText;
import java.util.Locale;
import java.util.Optional;

/// Stable codes of configuration problems, each with the text of `skein help SKnnnn`. A code never
/// changes its meaning and is never used again for another one.
public enum ConfigCode {
  /// The file is missing, unreadable or too large.
  FILE_UNREADABLE(1001, "configuration file cannot be read"),
  /// The text is not YAML.
  NOT_YAML(1002, "not YAML"),
  /// The document's outline is impossible.
  BAD_DOCUMENT(1003, "not one configuration document"),
  /// A key nobody knows.
  UNKNOWN_KEY(1004, "unknown key"),
  /// A key given twice in one mapping.
  DUPLICATE_KEY(1005, "key given twice"),
  /// A scalar, list or mapping where another was expected.
  WRONG_SHAPE(1006, "wrong shape"),
  /// Not HOST:PORT.
  BAD_ADDRESS(1007, "not an address"),
  /// Not a duration, or outside its range.
  BAD_DURATION(1008, "not a duration"),
  /// Not a number, or outside its range.
  BAD_NUMBER(1010, "not a number in range"),
  /// A variable without a value.
  VARIABLE_NOT_SET(1011, "variable not set"),
  /// Not true or false.
  BAD_BOOLEAN(1012, "not true or false"),
  /// A word outside a fixed list.
  UNKNOWN_WORD(1013, "not one of the known words"),
  /// A key that has no default.
  MISSING_KEY(1014, "key missing"),
  /// A name with characters names may not have.
  BAD_NAME(1015, "not a name"),
  /// Not a usable URL.
  BAD_URL(1016, "not a usable URL"),
  /// Not a path of a URL or of the file system.
  BAD_PATH(1017, "not a path"),
  /// A secret written into the file.
  SECRET_IN_FILE(1018, "secret written into the file"),
  /// A file that a value refers to cannot be read.
  REFERENCE_UNREADABLE(1019, "referenced file cannot be read"),
  /// Two sockets want one port.
  ADDRESS_USED_TWICE(1020, "address used twice"),
  /// Two things of one name.
  DUPLICATE_NAME(1021, "name used twice"),
  /// Two keys of which only one may be given.
  EXCLUSIVE_KEYS(1022, "keys exclude each other"),
  /// The API on a reachable address without a word of consent.
  REMOTE_API(1023, "API on a reachable address"),
  /// Values that contradict each other.
  CONTRADICTION(1024, "values contradict each other"),
  /// Two services that answer to the same requests.
  AMBIGUOUS_ROUTE(1025, "two services answer to the same requests"),
  /// Not a regular expression, or a substitution that does not fit it.
  BAD_PATTERN(1026, "not a usable regular expression"),
  /// A contract's condition that cannot be judged.
  BAD_CONDITION(1027, "not a usable condition"),
  /// A flag nobody knows.
  UNKNOWN_FLAG(1030, "unknown flag"),
  /// A flag without a value, or twice.
  BAD_FLAG(1031, "flag used wrongly"),
  /// Another program listens there, or the address is not this machine's.
  ADDRESS_TAKEN(1040, "address cannot be opened"),
  /// A name that does not resolve.
  NAME_UNKNOWN(1041, "name does not resolve"),
  /// A file or directory that cannot be used.
  UNUSABLE_FILE(1042, "file or directory cannot be used");

  private final int number;
  private final String title;

  ConfigCode(int number, String title) {
    this.number = number;
    this.title = title;
  }

  /// The code as printed: `SK1004`.
  public String code() {
    return "SK" + number;
  }

  /// A few words of what is wrong.
  public String title() {
    return title;
  }

  /// The text of `skein help SKnnnn`: title, reason and remedy, ending with a line end.
  public String explain() {
    return HelpText.code(code())
        .orElseThrow(() -> new IllegalStateException(code() + " has no explanation"));
  }

  /// The code of that name, in any case.
  public static Optional<ConfigCode> find(String code) {
    String wanted = code.toUpperCase(Locale.ROOT);
    for (ConfigCode each : values()) {
      if (each.code().equals(wanted)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
