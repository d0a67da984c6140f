package io.spvn.server.access;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Access.Request;
import java.time.ZoneId;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The atoms of a line by their names, which are gunicorn's and granian's:
///
///     h addr          client's address        r              request line
///     l               -                       m method       method
///     u               who has signed in       U path         path
///     t time          time of the end         q query_string query
///     s status        status                  H protocol     version
///     B b             bytes of content sent   f a            referer, user agent
///     T D M L dt_ms   seconds, micro-, milli-, with decimals; milliseconds with decimals
///     p               process                 scheme         http, https
///     {name}i {name}o a field of the request, one that the app has given its response
///     {close}x        code that a WebSocket was closed with
///
/// What there is not is `-`.
final class Atoms {
    private static final Pattern OF_FIELD = Pattern.compile("\\{(?<name>[^{}]+)\\}(?<of>[iox])");
    private static final String KNOWN =
            "h, l, u, t, r, m, U, q, H, s, B, b, f, a, T, D, M, L, p, {header}i, {header}o or"
                    + " {close}x";

    private static final long MICRO = 1_000;
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000;
    private static final int DECIMALS_OF_NANOS = 6; // of milliseconds

    private final LogTime time;

    /// @param zone of times
    Atoms(ZoneId zone) {
        this.time = LogTime.apache(zone);
    }

    /// @param decimals of a number, -1 where nothing is said
    /// @throws IllegalArgumentException when there is none of this name
    Atom of(String name, int decimals) {
        Matcher field = OF_FIELD.matcher(name);
        if (field.matches()) {
            return ofField(name, field.group("name"), field.group("of"));
        }
        return switch (name) {
            case "h", "addr" -> (access, line) -> text(Asked.client(access), line);
            case "l" -> (access, line) -> line.put('-');
            case "u" -> Atoms::user;
            case "t", "time" -> (access, line) -> line.put(time.at(access.millis()));
            case "s", "status" -> (access, line) -> line.put(access.status());
            case "B", "b" -> (access, line) -> line.put(access.bytes());
            case "f" -> ofRequest(Asked.REFERER);
            case "a" -> ofRequest(Asked.USER_AGENT);
            case "p" -> process();
            case "scheme" -> (access, line) -> text(access.peers().scheme(), line);
            default -> ofLineOrTime(name, decimals);
        };
    }

    private static Atom ofLineOrTime(String name, int decimals) {
        return switch (name) {
            case "r" -> Atoms::line;
            case "m", "method" -> (access, line) -> part(access, line, Part.METHOD);
            case "U", "path" -> (access, line) -> part(access, line, Part.PATH);
            case "q", "query_string" -> (access, line) -> part(access, line, Part.QUERY);
            case "H", "protocol" -> Atoms::version;
            case "T" -> (access, line) -> line.put(access.nanos() / SECOND);
            case "D" -> (access, line) -> line.put(access.nanos() / MICRO);
            case "M" -> (access, line) -> line.put(access.nanos() / MILLI);
            case "L" -> (access, line) -> line.decimal(access.nanos() / MICRO, 6);
            case "dt_ms" -> milliseconds(decimals < 0 ? 0 : Math.min(decimals, DECIMALS_OF_NANOS));
            default -> throw unknown(name);
        };
    }

    private static Atom ofField(String whole, String name, String of) {
        byte[] lower = Asked.bytes(name.toLowerCase(Locale.ROOT));
        return switch (of) {
            case "i" -> ofRequest(lower);
            case "o" -> (access, line) -> field(access.fields(), lower, line);
            default -> {
                if (!name.equals("close")) {
                    throw unknown(whole);
                }
                yield (access, line) -> {
                    if (access.close() == 0) {
                        line.put('-');
                    } else {
                        line.put(access.close());
                    }
                };
            }
        };
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "there is no atom %%(%s)s; take one of %s, or write %s or %s for the whole"
                        .formatted(name, KNOWN, AccessFormat.COMBINED, AccessFormat.JSON));
    }

    private static Atom milliseconds(int decimals) {
        long unit = MILLI;
        for (int i = 0; i < decimals; i++) {
            unit /= 10;
        }
        long one = unit;
        return (access, line) -> line.decimal(access.nanos() / one, decimals);
    }

    private static Atom process() {
        byte[] pid = Asked.bytes("<" + ProcessHandle.current().pid() + ">");
        return (access, line) -> line.put(pid);
    }

    private static Atom ofRequest(byte[] lowerName) {
        return (access, line) -> {
            Request request = access.request();
            field(request == null ? Headers.EMPTY : request.headers(), lowerName, line);
        };
    }

    private static void field(Headers headers, byte[] lowerName, LineBuffer line) {
        int field = headers.find(lowerName, 0);
        if (field < 0) {
            line.put('-');
        } else {
            line.escapedOrDash(headers.block(), headers.valueStart(field), headers.valueEnd(field));
        }
    }

    private static void user(Access access, LineBuffer line) {
        byte[] user = Asked.user(access.request());
        line.escapedOrDash(user, 0, user.length);
    }

    /// A line that was not understood is printable, and may hold quotes and backslashes.
    private static void line(Access access, LineBuffer line) {
        Request request = access.request();
        if (request == null) {
            String told = access.line().replace("\\", "\\\\").replace("\"", "\\\"");
            line.put(told.isEmpty() ? "-" : told);
        } else {
            line.escaped(request.headers().block(), 0, request.targetEnd());
            line.put(' ').put(request.version());
        }
    }

    private static void version(Access access, LineBuffer line) {
        Request request = access.request();
        line.put(request == null ? "-" : request.version());
    }

    private static void text(String said, LineBuffer line) {
        if (said.isEmpty()) {
            line.put('-');
        } else {
            line.escaped(said);
        }
    }

    private enum Part {
        METHOD,
        PATH,
        QUERY
    }

    /// The query is empty where there is none, as gunicorn has it.
    private static void part(Access access, LineBuffer line, Part part) {
        @Nullable Request request = access.request();
        if (request == null) {
            line.put('-');
            return;
        }
        byte[] block = request.headers().block();
        int query = Asked.pathEnd(request);
        switch (part) {
            case METHOD -> line.escaped(block, 0, request.methodEnd());
            case PATH -> line.escaped(block, request.methodEnd() + 1, query);
            case QUERY ->
                    line.escaped(
                            block, Math.min(query + 1, request.targetEnd()), request.targetEnd());
        }
    }
}
