/// Network coordinates after Vivaldi (Dabek et al., SIGCOMM 2004). Pure.
@NullMarked
package io.skein.gossip.coordinate;

import org.jspecify.annotations.NullMarked;
