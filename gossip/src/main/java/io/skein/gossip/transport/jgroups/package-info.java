/// The transport on JGroups over TCP and TLS. The one package that sees JGroups.
@NullMarked
package io.skein.gossip.transport.jgroups;

import org.jspecify.annotations.NullMarked;
