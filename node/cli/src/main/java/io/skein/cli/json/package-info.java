/// JSON as an immutable tree, small enough to be loaded in the time a command may take.
@NullMarked
package io.skein.cli.json;

import org.jspecify.annotations.NullMarked;
