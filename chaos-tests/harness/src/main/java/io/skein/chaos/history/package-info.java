/// What happened in a run: operations as clients saw them, and faults as they were made.
@NullMarked
package io.skein.chaos.history;

import org.jspecify.annotations.NullMarked;
