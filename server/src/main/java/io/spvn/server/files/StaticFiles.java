package io.spvn.server.files;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/// Answers requests for files in front of the app, by the thread that submits them; all else goes
/// on to the workers. It works whatever state those are in.
///
/// What is below a route has no other answer than that of its files, but for the route `/`: there
/// what is not a file is the app's.
public final class StaticFiles implements Dispatcher {
    private final List<FileRoute> routes;
    private final Dispatcher app;
    private final Speaker speaker;

    /// Stands in front of the app, where there are files to serve.
    ///
    /// @param app where the rest goes
    /// @param listener told of clients that left before they were answered
    /// @param ticks takes what is to be called again and again: files that nobody has asked for
    ///   lately are given up
    public static Dispatcher before(
            Dispatcher app,
            StaticSettings settings,
            ExchangeListener listener,
            Consumer<Runnable> ticks) {
        if (settings.mounts().isEmpty()) {
            return app;
        }
        RecentFiles recents = new RecentFiles();
        ticks.accept(recents::tick);
        return new StaticFiles(settings, app, listener, recents);
    }

    private StaticFiles(
            StaticSettings settings,
            Dispatcher app,
            ExchangeListener listener,
            RecentFiles recents) {
        FileResponse responses = new FileResponse(settings.maxAge(), InstantSource.system());
        this.app = app;
        this.speaker = new Speaker(listener);
        this.routes =
                settings.mounts().stream()
                        .map(mount -> FileRoute.of(mount, settings, recents, responses))
                        .sorted(Comparator.comparingInt(FileRoute::depth).reversed())
                        .toList();
    }

    @Override
    public void submit(Exchange exchange) throws InterruptedException {
        if (!(exchange instanceof HttpExchange request && serve(request))) {
            app.submit(exchange);
        }
    }

    @Override
    public boolean submitAtOnce(Exchange exchange) throws InterruptedException {
        return (exchange instanceof HttpExchange request && serve(request))
                || app.submitAtOnce(exchange);
    }

    private boolean serve(HttpExchange request) {
        UrlPath path = UrlPath.of(request.scope().rawPath());
        for (FileRoute route : routes) {
            UrlPath below = path.below(route.path());
            if (below != null) {
                Response response = route.answer(request.scope(), below);
                if (response != null) {
                    speaker.say(request, response);
                    return true;
                }
            }
        }
        return false;
    }
}
