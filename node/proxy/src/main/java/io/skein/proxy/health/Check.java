package io.skein.proxy.health;

import io.skein.proxy.route.Target.EndpointTarget;

/// How one endpoint is checked.
///
/// @param endpointId its id
/// @param target where it is
/// @param probe what is asked
/// @param pace when, and when it is believed
public record Check(String endpointId, EndpointTarget target, Probe probe, Pace pace) {}
