package io.spvn.server.watch;

import java.util.List;

/// Hears of changes of the files that are watched, in this order:
///
///     begun -> changed or undone
///
/// Called by the watcher's thread; does not block.
public interface Edits {
    /// A file has become another one; more may follow.
    void begun();

    /// That was all.
    ///
    /// @param files which, as they are named in messages, in order; not empty
    void changed(List<String> files);

    /// In the end all of them are as they were.
    void undone();
}
