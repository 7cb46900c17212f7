@NullMarked
package io.skein.proxy.web;

import org.jspecify.annotations.NullMarked;
