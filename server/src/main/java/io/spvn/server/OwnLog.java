package io.spvn.server;

import io.spvn.server.process.LogFile;

/// The server's own log, which is open before there is a server, and is written by others.
public interface OwnLog {
    /// Where it goes.
    LogFile file();

    /// Has it opened anew; does not wait.
    void reopen();
}
