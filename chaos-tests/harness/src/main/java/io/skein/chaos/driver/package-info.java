/// A mesh of real nodes that can be broken: processes in network namespaces or on loopback,
/// containers, or nodes that run already.
@NullMarked
package io.skein.chaos.driver;

import org.jspecify.annotations.NullMarked;
