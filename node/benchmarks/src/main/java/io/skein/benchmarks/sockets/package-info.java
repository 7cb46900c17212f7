/// Contenders that balance load over real sockets, side by side: endpoints that misbehave on time,
/// clients that send on time, and the table of what came of it. Run by `deploy/compare/routing.sh`.
@NullMarked
package io.skein.benchmarks.sockets;

import org.jspecify.annotations.NullMarked;
