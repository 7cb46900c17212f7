@org.jspecify.annotations.NullMarked
package io.skein.app;
