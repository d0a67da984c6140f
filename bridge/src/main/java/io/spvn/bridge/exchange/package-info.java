/// The hand-over between a connection and a worker: one [io.spvn.bridge.exchange.Exchange] per
/// request, in a bounded queue on the way in and through a sink on the way out.
///
/// Connections (virtual threads) and workers (platform threads that hold a GIL) meet here and
/// nowhere else. Locks are private to one object, are held for a few instructions, never over
/// Python or I/O, and never two at a time.
package io.spvn.bridge.exchange;
