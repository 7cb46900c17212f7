/// Judges histories: each check takes one and says what is wrong with it, and by which events.
///
/// Pure: no clock, no files, no chance; the same history gives the same verdicts.
@NullMarked
package io.skein.chaos.check;

import org.jspecify.annotations.NullMarked;
