package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Workers whose app may become another one while they are there. For any thread; nothing blocks.
public interface Reloadable {
    /// A reload may follow: no request is taken from now on, and the time for which they wait does
    /// not count, until there has been one or it is called off.
    void expectReload();

    /// None follows after all.
    void callOffReload();

    /// Has all workers replaced at once: those that are there take no request any more and come to
    /// their end, then others start; what is starting is given up. Requests wait meanwhile. Where
    /// the new ones do not start none is left, and requests are refused until this is called again.
    ///
    /// What is refused then tells clients why, with the traceback: this is for who develops the
    /// app, and for nobody else (`--watch`).
    ///
    /// @param limit how long the end of the old ones may take; then they are killed
    /// @param told on a thread of the workers: why the new ones do not serve, or that they have
    ///   ended again and again; null when they serve. Not at all when this is called again before
    void reload(Duration limit, Consumer<@Nullable WorkerFailure> told);
}
