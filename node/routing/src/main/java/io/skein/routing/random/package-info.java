/// Each candidate with a probability proportional to its weight.
///
/// Source: the baseline of M. Mitzenmacher, "The Power of Two Choices in Randomized Load
/// Balancing", IEEE TPDS 12(10), 2001: with n requests on n endpoints the fullest has about ln n ÷
/// ln ln n, where two choices give ln ln n ÷ ln 2.
///
/// Formula: p = w ÷ W. Units: none. Cost: one draw.
///
/// Does badly: everywhere that load or latency differ. It keeps nodes that know nothing of each
/// other apart, which is why the other policies fall back to it.
@NullMarked
package io.skein.routing.random;

import org.jspecify.annotations.NullMarked;
