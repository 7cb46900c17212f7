/// What is done for browsers and other far clients at the edge of the mesh: which other origins may
/// read answers, and which answers go out compressed. Pure; off unless somebody asks for it.
@NullMarked
package io.skein.proxy.web;

import org.jspecify.annotations.NullMarked;
