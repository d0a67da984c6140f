/// Interpreters at work: each worker is one platform thread inside one interpreter's event loop.
///
/// A worker takes exchanges from its queue, makes them Python objects, and brings back what the app
/// sends. It is the only place that knows both ASGI and Python objects.
package io.spvn.bridge.worker;
