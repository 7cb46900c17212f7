/// What nodes tell one another about themselves, one kind of rumor each, and the bytes of it.
@NullMarked
package io.skein.app.rumor;

import org.jspecify.annotations.NullMarked;
