/// How slow a client may be.
///
/// Source: Apache's `mod_reqtimeout` (`RequestReadTimeout body=20,MinRate=500`) and Kestrel's
/// `MinRequestBodyDataRate`, whose 240 bytes a second this is: what a modem of the slowest kind
/// carries.
///
/// Formula: `n` bytes may take `grace + n ÷ rate`. Only time in which it is the client's turn
/// counts.
///
/// Does badly: a client that sent much quickly may then be silent for long; the idle timeout is for
/// that.
@NullMarked
package io.skein.routing.pace;

import org.jspecify.annotations.NullMarked;
