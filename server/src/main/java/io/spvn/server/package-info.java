/// The server: what it is configured with, how it is put together, and the threads that write
/// responses.
///
/// [io.spvn.server.SpvnServer] is the only class that sees all parts, and shows in which order they
/// start and stop. [io.spvn.server.ServerConfig] is the sum of what each part is told.
package io.spvn.server;
