package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// An event loop that has not come back for too long, as seen from outside.
///
/// @param blocked for how long
/// @param request that it is at work on, null when that is none or is not known
/// @param stack of Python, "" when none was had yet
public record Hang(Duration blocked, @Nullable Exchange request, String stack) {}
