/// Attacks on reputation: liars and bad peers in a mesh of forty, from signed records to the share
/// of requests they get.
@NullMarked
package io.skein.simulator.attack;

import org.jspecify.annotations.NullMarked;
