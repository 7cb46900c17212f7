/// `skein demo`: three real nodes, six real endpoints, real traffic and real kills on one machine.
@NullMarked
package io.skein.app.demo;

import org.jspecify.annotations.NullMarked;
