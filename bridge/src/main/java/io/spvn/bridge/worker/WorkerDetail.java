package io.spvn.bridge.worker;

import org.jspecify.annotations.Nullable;

/// What can be told of a worker to somebody who looks at it alone.
///
/// @param status its vital signs
/// @param taken requests that it has taken
/// @param restarts how often another took the place with its number
/// @param hang what holds it up, null when nothing does
public record WorkerDetail(WorkerStatus status, long taken, long restarts, @Nullable Hang hang) {}
