package io.spvn.server.observe;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What there is to be read at the admin listener, by path. Runs on its thread.
public final class AdminPages {
    private static final System.Logger LOG = System.getLogger(AdminPages.class.getName());

    private final Map<String, Function<AdminRequest, Answer>> pages;

    public AdminPages(Health health, Vitals vitals, Metrics metrics) {
        this(
                Map.of(
                        "/health/live", _ -> health.live(),
                        "/health/ready", _ -> health.ready(vitals.workers()),
                        "/metrics", request -> metrics.answer(request.accept())));
    }

    AdminPages(Map<String, Function<AdminRequest, Answer>> pages) {
        this.pages = pages;
    }

    /// @param request null for one that could not be read
    Answer answer(@Nullable AdminRequest request) {
        if (request == null) {
            return Answer.text(400, "not a request of HTTP/1");
        }
        Function<AdminRequest, Answer> page = pages.get(request.path());
        if (page == null) {
            return Answer.text(
                    404,
                    "there is " + String.join(", ", pages.keySet().stream().sorted().toList()));
        }
        return request.isRead() ? guarded(page, request) : Answer.notAllowed("GET, HEAD");
    }

    private static Answer guarded(Function<AdminRequest, Answer> page, AdminRequest request) {
        try {
            return page.apply(request);
        } catch (RuntimeException | Error failure) { // one page must not take the others with it
            LOG.log(System.Logger.Level.ERROR, "admin: " + request.path() + " failed", failure);
            return Answer.text(500, "failed; the server's log tells why");
        }
    }
}
