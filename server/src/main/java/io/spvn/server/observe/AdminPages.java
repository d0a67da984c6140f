package io.spvn.server.observe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What there is to be read at the admin listener, by path. Runs on its thread.
public final class AdminPages {
    private static final System.Logger LOG = System.getLogger(AdminPages.class.getName());

    private final Map<String, Function<AdminRequest, Answer>> pages;

    /// @param more pages, by their paths
    public AdminPages(
            Health health, Vitals vitals, Metrics metrics, Map<String, Supplier<Answer>> more) {
        this(all(health, vitals, metrics, more));
    }

    private static Map<String, Function<AdminRequest, Answer>> all(
            Health health, Vitals vitals, Metrics metrics, Map<String, Supplier<Answer>> more) {
        Map<String, Function<AdminRequest, Answer>> all = new HashMap<>();
        all.put("/health/live", _ -> health.live());
        all.put("/health/ready", _ -> health.ready(vitals.workers()));
        all.put("/metrics", request -> metrics.answer(request.accept()));
        more.forEach((path, page) -> all.put(path, _ -> page.get()));
        return Map.copyOf(all);
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
