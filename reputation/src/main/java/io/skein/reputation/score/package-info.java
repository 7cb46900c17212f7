/// From evidence to scores: opinions, trimmed means, weights.
@NullMarked
package io.skein.reputation.score;

import org.jspecify.annotations.NullMarked;
