/// Runs inside a node's JVM, on its boot class path: the JDK's classes call it. It knows nothing of
/// the node, and nothing of the rest of the harness.
@NullMarked
package io.skein.chaos.agent;

import org.jspecify.annotations.NullMarked;
