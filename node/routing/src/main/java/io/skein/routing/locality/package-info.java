/// Local endpoints first, peers when needed.
///
/// Source: zone-aware routing of Envoy, simplified: no load is compared yet, so a node whose local
/// endpoints are all slow from load keeps them busy until the healer sets them aside.
@NullMarked
package io.skein.routing.locality;

import org.jspecify.annotations.NullMarked;
