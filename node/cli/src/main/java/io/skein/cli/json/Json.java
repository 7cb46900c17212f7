package io.skein.cli.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value. Numbers keep their digits: a score of nine decimals is shown as it was sent.
///
/// Reading never fails on a missing member: it yields [Null], and the accessors turn what is not of
/// their kind into the given default, because nodes of other versions send more or less.
public sealed interface Json {
  /// `null`, and everything that is not there.
  Json NOTHING = new Null();

  /// An object, in the order of its text.
  record Members(Map<String, Json> members) implements Json {
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /// An array.
  record Items(List<Json> items) implements Json {
    public Items {
      items = List.copyOf(items);
    }
  }

  /// A string.
  record Text(String value) implements Json {}

  /// A number, as it was written.
  record Number(String digits) implements Json {}

  /// A truth value.
  record Truth(boolean value) implements Json {}

  /// `null`.
  record Null() implements Json {}

  /// The member of that name, else [#NOTHING].
  default Json get(String name) {
    return this instanceof Members(var members) ? members.getOrDefault(name, NOTHING) : NOTHING;
  }

  /// The items of an array, else none.
  default List<Json> items() {
    return this instanceof Items(var items) ? items : List.of();
  }

  /// True for `null` and for what is not there.
  default boolean isNothing() {
    return this instanceof Null;
  }

  /// The text of a string, the digits of a number, `true` or `false`; else the default.
  default String text(String otherwise) {
    return switch (this) {
      case Text(String value) -> value;
      case Number(String digits) -> digits;
      case Truth(boolean value) -> Boolean.toString(value);
      case Null _, Members _, Items _ -> otherwise;
    };
  }

  /// The number, else NaN.
  default double number() {
    return this instanceof Number(String digits) ? Double.parseDouble(digits) : Double.NaN;
  }

  /// The truth value, else false.
  default boolean isTrue() {
    return this instanceof Truth(boolean value) && value;
  }

  /// An object of the given members, in the given order.
  static Json of(Map<String, Json> members) {
    return new Members(members);
  }

  /// A string.
  static Json of(String value) {
    return new Text(value);
  }

  /// A number.
  static Json of(long value) {
    return new Number(Long.toString(value));
  }

  /// A truth value.
  static Json of(boolean value) {
    return new Truth(value);
  }

  /// An array of strings.
  static Json texts(List<String> values) {
    List<Json> items = new ArrayList<>();
    values.forEach(value -> items.add(new Text(value)));
    return new Items(items);
  }

  /// The value on one line, without spaces.
  default String compact() {
    StringBuilder out = new StringBuilder();
    JsonText.compact(this, out);
    return out.toString();
  }

  /// The value as a YAML 1.2 block, ending with a line end.
  default String yaml() {
    StringBuilder out = new StringBuilder();
    YamlText.document(this, out);
    return out.toString();
  }
}
