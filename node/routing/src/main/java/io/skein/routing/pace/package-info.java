/// How slow somebody may be.
///
/// Source: Kestrel's `MinRequestBodyDataRate` and `MinResponseDataRate`, whose 240 bytes a second
/// these are (what a modem of the slowest kind carries), and Apache's `mod_reqtimeout`. Those give
/// credit for what was sent quickly before; then whoever fills a kernel's buffers first may trickle
/// for an hour. Here each stretch of time stands for itself.
///
/// Formula: in each stretch of 10 s in which it is somebody's turn, at least 10 · rate bytes.
///
/// Does badly: with messages that are meant to pause (streams); those are not to be measured.
@NullMarked
package io.skein.routing.pace;

import org.jspecify.annotations.NullMarked;
