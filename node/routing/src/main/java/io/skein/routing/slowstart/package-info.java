/// Letting an endpoint that is new, or back, warm up before it takes its share.
///
/// Source: Envoy's `slow_start_config`; HAProxy's `slowstart`.
///
/// Formula: weight · max(least, (age ÷ window)^(1 ÷ aggression)), for `age` below `window`.
///
/// Does badly: with few endpoints the others carry what the cold one does not; and when all are new
/// at once all ramp alike, which changes nothing, as weights are relative.
@NullMarked
package io.skein.routing.slowstart;

import org.jspecify.annotations.NullMarked;
