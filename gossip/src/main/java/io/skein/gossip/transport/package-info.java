/// How nodes reach each other: peers, messages, views. What carries them lies in subpackages.
@NullMarked
package io.skein.gossip.transport;

import org.jspecify.annotations.NullMarked;
