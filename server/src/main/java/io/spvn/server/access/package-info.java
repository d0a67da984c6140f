/// The access log: a line for each request, in a format of one's own. Threads that end a request
/// put it in a bounded queue and never wait; one thread writes. What finds no room, or cannot be
/// written, is lost and counted.
package io.spvn.server.access;
