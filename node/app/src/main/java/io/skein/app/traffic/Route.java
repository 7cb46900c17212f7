package io.skein.app.traffic;

import io.skein.proxy.route.Rule;

/// A route's document, bound.
///
/// @param rule which requests it is for, and what is done with them
/// @param traffic what those requests get otherwise than the services give
public record Route(Rule rule, RouteTraffic traffic) {}
