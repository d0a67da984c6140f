/// The hand-over between a connection and a worker: one [io.spvn.bridge.exchange.Exchange] per
/// request, in a bounded queue on the way in and through a sink on the way out.
///
/// Connections (virtual threads) and workers (platform threads that hold a GIL) meet here and
/// nowhere else. Locks are private to one object, are held for a few instructions, never over
/// Python or I/O, and never two at a time.
///
/// The words for how things end, here and wherever they are met again:
///
///     of an exchange
///       complete   all of it is there: a request that has come, a response that was said
///       refused    answered by the server before a worker took it
///       cut        ended by the server while its app may be at it: the client gets an answer of
///                  the server, or an abort once a part of the response is on its way
///       broken     its connection carries nothing any more, in either direction
///       abandoned  broken before a worker took it
///       gone       cut, broken or abandoned: nobody is there to read what the app says
///       settled    complete or gone: nothing is awaited of the app
///
///     of a client
///       left       it has closed its side; it may read on, or not be there at all
///       truncated  what it had sent of its request when it left was not complete
///       late       it has not done in time what it owes
///
///     of an app
///       ended      it has returned or raised; likewise a worker, a thread, a process
///       told       it got the disconnect though its client is there, since the server stops
///       excused    it may leave its response out: its client has left, or it was told
///
///     of what is in between
///       refusal    an answer of the server in place of the app's
///       abort      an end in the middle, which the other side cannot take for an orderly one
///       dropped    nobody will read or write it
///       released   given back to who owns it, once
///       drain      to bring what is open to its end, since the server stops
///       lost       not there any more though it is missed: a worker, a log record
///
/// Words of a connection (last, finished, closed) and of a transport (written, answered) are theirs
/// alone.
package io.spvn.bridge.exchange;
