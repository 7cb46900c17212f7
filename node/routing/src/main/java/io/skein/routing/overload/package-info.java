/// What a node gives up, and in which order, before it runs out of something.
///
/// Source: Envoy's overload manager: resources as pressures from 0 to 1, actions at thresholds.
/// Here the actions form one ladder, climbed by the highest pressure, and a step is left only well
/// below where it was entered.
///
/// Units: pressures are shares of what there is. Cost: a comparison each time somebody looks.
///
/// Does badly: with a resource that goes from half to all between two looks.
@NullMarked
package io.skein.routing.overload;

import org.jspecify.annotations.NullMarked;
