/// What the process is to the system: descriptors, sockets and their files, rights, signals,
/// scheduling, the pid file, by functions of the C library. Knows nothing of HTTP, nor of how the
/// server is configured: it is told in [io.spvn.server.process.ProcessSettings].
///
/// What keeps the server from starting is a [io.spvn.server.process.StartFailure] from here on up.
@NullMarked
package io.spvn.server.process;

import org.jspecify.annotations.NullMarked;
