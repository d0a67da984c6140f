/// The server: what it is configured with, how it is put together, and the threads that write
/// responses.
///
/// [io.spvn.server.SpvnServer] is the only class that sees all parts.
package io.spvn.server;
