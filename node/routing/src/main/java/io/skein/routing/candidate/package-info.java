/// What a policy sees when it chooses: candidates, their live load, the request's class.
@NullMarked
package io.skein.routing.candidate;

import org.jspecify.annotations.NullMarked;
