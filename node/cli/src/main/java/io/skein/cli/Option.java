package io.skein.cli;

/// A flag of a verb.
///
/// @param name with its dashes, such as `--weight`
/// @param shortName one dash and a letter, or empty
/// @param value what stands for its value in the help text; empty: a switch
/// @param optionalValue whether it may stand alone; its value then follows `=`
/// @param help one line
record Option(String name, String shortName, String value, boolean optionalValue, String help) {
  static Option of(String name, String value, String help) {
    return new Option(name, "", value, false, help);
  }

  static Option flag(String name, String help) {
    return new Option(name, "", "", false, help);
  }

  boolean isSwitch() {
    return value.isEmpty();
  }

  /// As the help text shows it: `-o, --output FORM`, `--wait[=TIME]`.
  String shown() {
    String names = shortName.isEmpty() ? name : shortName + ", " + name;
    if (isSwitch()) {
      return names;
    }
    return optionalValue ? names + "[=" + value + "]" : names + " " + value;
  }
}
