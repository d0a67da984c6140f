/// Workers that are interpreters inside this process: each is one platform thread inside one
/// interpreter's event loop.
///
/// A worker takes exchanges from the queue, makes them Python objects, and brings back what the app
/// sends. It is the only place that knows both ASGI and Python objects.
package io.spvn.bridge.embedded;
