/// Predicting load: a series of one value a second in, quantiles at a few horizons out. Pure.
@NullMarked
package io.skein.forecast;

import org.jspecify.annotations.NullMarked;
