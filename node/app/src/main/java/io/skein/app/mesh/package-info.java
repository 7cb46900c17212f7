/// A running node's place in the mesh: its thread, its rumors, its records, its repairs.
@NullMarked
package io.skein.app.mesh;

import org.jspecify.annotations.NullMarked;
