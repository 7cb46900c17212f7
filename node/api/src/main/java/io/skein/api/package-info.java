/// The HTTP API of a node: paths, problems, events, and the two seams through which it sees
/// ([io.skein.api.MeshView]) and changes ([io.skein.api.MeshControl]) the mesh.
@NullMarked
package io.skein.api;

import org.jspecify.annotations.NullMarked;
