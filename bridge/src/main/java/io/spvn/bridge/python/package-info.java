/// CPython as a foreign library: how it is found, started, called and given Java functions.
///
/// Jep starts the process-wide runtime and makes the interpreters; everything after that goes
/// straight through the C API. Nothing here knows of ASGI. All calls happen on a platform thread
/// that holds the GIL of the interpreter it works in; native references are owned by the caller
/// that got them.
package io.spvn.bridge.python;
