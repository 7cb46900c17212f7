/// Meshes of real nodes, broken on purpose, and the checkers that judge what came of it.
@NullMarked
package io.skein.chaos;

import org.jspecify.annotations.NullMarked;
