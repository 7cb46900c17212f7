/// The program: what `skein up`, `demo`, `check` and `config` run.
@NullMarked
package io.skein.app;

import org.jspecify.annotations.NullMarked;
