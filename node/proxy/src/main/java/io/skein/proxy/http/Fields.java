package io.skein.proxy.http;

import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields of one head or trailer section, in the order they came, whatever the version of HTTP
/// that carried them. Of a message that was read it holds what may be passed on; what ends at this
/// hop was left out. Each field's kind is told once, when it is added.
///
/// Reused from message to message, so that a message costs no object here; takes room with the
/// first field, so that what is never used costs none either. Event loop only.
final class Fields {
  private static final CharSequence[] NO_TEXTS = {};
  private static final Field[] NO_KINDS = {};
  private static final int FIRST_ROOM = 16;

  /// Nothing; never to be added to.
  static final Fields NONE = new Fields();

  private CharSequence[] names = NO_TEXTS;
  private CharSequence[] values = NO_TEXTS;
  private Field[] kinds = NO_KINDS;
  private int count;

  void clear() {
    if (count > 0) {
      Arrays.fill(names, 0, count, null);
      Arrays.fill(values, 0, count, null);
      count = 0;
    }
  }

  int count() {
    return count;
  }

  CharSequence name(int index) {
    return names[index];
  }

  CharSequence value(int index) {
    return values[index];
  }

  Field kind(int index) {
    return kinds[index];
  }

  void add(CharSequence name, CharSequence value) {
    add(Field.of(name), name, value);
  }

  /// @param kind what `Field.of(name)` says
  void add(Field kind, CharSequence name, CharSequence value) {
    if (count == names.length) {
      int room = Math.max(FIRST_ROOM, 2 * count);
      names = Arrays.copyOf(names, room);
      values = Arrays.copyOf(values, room);
      kinds = Arrays.copyOf(kinds, room);
    }
    names[count] = name;
    values[count] = value;
    kinds[count] = kind;
    count++;
  }

  void addAll(Fields others) {
    for (int i = 0; i < others.count; i++) {
      add(others.kinds[i], others.names[i], others.values[i]);
    }
  }

  /// Puts one field in the place of all of that name.
  void set(CharSequence name, CharSequence value) {
    remove(name);
    add(name, value);
  }

  void setValue(int index, CharSequence value) {
    values[index] = value;
  }

  /// Removes all of that name, in any case.
  void remove(CharSequence name) {
    remove(name, false);
  }

  /// Removes all of that name, in any case, that have no value.
  void removeEmpty(CharSequence name) {
    remove(name, true);
  }

  private void remove(CharSequence name, boolean onlyEmpty) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!AsciiString.contentEqualsIgnoreCase(names[i], name)
          || (onlyEmpty && !values[i].isEmpty())) {
        names[kept] = names[i];
        values[kept] = values[i];
        kinds[kept] = kinds[i];
        kept++;
      }
    }
    Arrays.fill(names, kept, count, null);
    Arrays.fill(values, kept, count, null);
    count = kept;
  }

  /// The first value of that name, in any case.
  @Nullable CharSequence first(CharSequence name) {
    for (int i = 0; i < count; i++) {
      if (AsciiString.contentEqualsIgnoreCase(names[i], name)) {
        return values[i];
      }
    }
    return null;
  }

  /// All values of that name as one list (RFC 9110 §5.3); empty if there is none.
  String joined(CharSequence name) {
    String joined = "";
    for (int i = 0; i < count; i++) {
      if (AsciiString.contentEqualsIgnoreCase(names[i], name)) {
        joined = joined.isEmpty() ? values[i].toString() : joined + ", " + values[i];
      }
    }
    return joined;
  }
}
