/// What is broken, whom and how long: a plan drawn from a seed, and its faults.
@NullMarked
package io.skein.chaos.nemesis;

import org.jspecify.annotations.NullMarked;
