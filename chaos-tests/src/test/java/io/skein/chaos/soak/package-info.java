/// Hours of a node's life in minutes: mixed protocols, endpoints that die, nothing that may leak.
@NullMarked
package io.skein.chaos.soak;

import org.jspecify.annotations.NullMarked;
