/// What a service's requests may do before, beside and after their way upstream: who is let in, how
/// often and when a try is repeated, what one endpoint may be sent. The rules themselves are the
/// pure packages of `io.skein.routing`; here they are bound to requests. Everything is shared by
/// all event loops and all snapshots of a service: no locks, and no allocation for what is off.
@NullMarked
package io.skein.proxy.resilience;

import org.jspecify.annotations.NullMarked;
