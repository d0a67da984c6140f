package io.spvn.loadtest.compare;

import static io.spvn.loadtest.compare.Scenario.LeadsBy.LATENCY;
import static io.spvn.loadtest.compare.Scenario.LeadsBy.RATE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.compare.Ask.Answer;
import io.spvn.loadtest.compare.Group.Workers;
import java.time.Duration;
import java.util.List;

/// The table of scenarios.
final class Scenarios {
    private static final Answer HELLO_WORLD = new Answer.Exactly("Hello, world!");
    private static final Ask SAY_HELLO = Ask.get("/", HELLO_WORLD);
    private static final Ask POST_HELLO = Ask.post("/", "spvn".getBytes(US_ASCII), HELLO_WORLD);
    private static final Ask ITEM =
            Ask.get("/items/7?query=load", new Answer.Exactly("{\"number\":7,\"query\":\"load\"}"));
    private static final Ask JSON =
            Ask.get("/", new Answer.Exactly("{\"message\":\"Hello, world!\"}"));
    private static final Ask READY = Ask.get("/", new Answer.Exactly("ready"));
    private static final Ask LARGE = Ask.get("/large", new Answer.Bytes(100 * 1024));
    private static final Ask STREAM = Ask.get("/stream", new Answer.Bytes(1000 * 64));
    private static final Ask WAIT = Ask.get("/wait", new Answer.Exactly("waited"));

    private static final Group HELLO = new Group("dotest.baz:app", Workers.ONE, SAY_HELLO);
    private static final Group FASTAPI = new Group("dotest.bit:app", Workers.ONE, ITEM);
    private static final Group STARLETTE = new Group("dotest.bar:app", Workers.ONE, JSON);
    private static final Group OTHER = new Group("dotest.qux:app", Workers.ONE, READY);
    private static final Group HELLO_N = new Group("dotest.baz:app", Workers.ALL, SAY_HELLO);
    private static final Group FASTAPI_N = new Group("dotest.bit:app", Workers.ALL, ITEM);

    private Scenarios() {}

    /// All of them, those of a group one after the other.
    ///
    /// @param document JSON to post
    static List<Scenario> with(byte[] document) {
        return List.of(
                at(50, "hello", "Hello", HELLO, POST_HELLO),
                at(500, "hello", "Hello", HELLO, POST_HELLO),
                at(1_000, "hello", "Hello", HELLO, POST_HELLO),
                at(5_000, "hello", "Hello", HELLO, POST_HELLO),
                at(10_000, "hello", "Hello", HELLO, POST_HELLO),
                loop(1, "hello", "Hello", HELLO, SAY_HELLO),
                loop(64, "hello", "Hello", HELLO, SAY_HELLO),
                loop(512, "hello", "Hello", HELLO, SAY_HELLO),
                slowClients(),
                loop(10_000, "hello", "Hello", HELLO, SAY_HELLO),
                at(1_000, "fastapi", "FastAPI", FASTAPI, ITEM),
                at(5_000, "fastapi", "FastAPI", FASTAPI, ITEM),
                loop(64, "fastapi", "FastAPI JSON", FASTAPI, ITEM),
                overload(),
                loop(64, "starlette", "Starlette JSON", STARLETTE, JSON),
                loop(64, "large", "100 KiB response", OTHER, LARGE),
                loop(16, "stream", "Response of 1,000 chunks", OTHER, STREAM),
                loop(512, "wait", "10 ms of awaited I/O", OTHER, WAIT),
                loop(4, "canada", "A JSON document posted and parsed", OTHER, parse(document)),
                blocked(),
                loop(64, "hello-n", "Hello, a worker for each CPU", HELLO_N, SAY_HELLO),
                loop(512, "hello-n", "Hello, a worker for each CPU", HELLO_N, SAY_HELLO),
                loop(64, "fastapi-n", "FastAPI, a worker for each CPU", FASTAPI_N, ITEM));
    }

    /// Some of them, in the order of the table.
    static List<Scenario> named(List<String> names, byte[] document) {
        return with(document).stream().filter(one -> names.contains(one.name())).toList();
    }

    /// A fixed rate.
    private static Scenario at(int rate, String name, String title, Group group, Ask ask) {
        return new Scenario(
                name + "-" + rate,
                "%s, %,d req/s".formatted(title, rate),
                "%s %s, %,d times a second on 64 connections."
                        .formatted(ask.method(), ask.path(), rate),
                group,
                ask,
                new Course.Steady(open(rate)),
                LATENCY);
    }

    /// As many requests as can be.
    private static Scenario loop(int connections, String name, String title, Group group, Ask ask) {
        String count = connections == 1 ? "1 connection" : "%,d connections".formatted(connections);
        return new Scenario(
                name + "-c" + connections,
                title + ", " + count,
                "%s %s again and again on %s.".formatted(ask.method(), ask.path(), count),
                group,
                ask,
                new Course.Steady(new Load.Closed(connections)),
                RATE);
    }

    private static Ask parse(byte[] document) {
        String answer = document.length + " bytes, dict";
        return Ask.post("/parse", document, new Answer.Exactly(answer));
    }

    private static Scenario slowClients() {
        return new Scenario(
                "slow-clients",
                "1,000 slow clients beside 1,000 req/s",
                "1,000 connections send a byte of a head a second, while others are to be served.",
                HELLO,
                SAY_HELLO,
                new Course.SlowClients(open(1_000), 1_000),
                LATENCY);
    }

    private static Scenario overload() {
        return new Scenario(
                "overload",
                "FastAPI, twice what the server can do, 1,000 connections",
                "A closed loop finds the rate that is possible; then requests come at twice that, and"
                        + " wait for a second.",
                FASTAPI,
                ITEM,
                new Course.Overload(2, 1_000, Duration.ofSeconds(1)),
                RATE);
    }

    private static Scenario blocked() {
        return new Scenario(
                "blocked",
                "500 req/s, the app's loop is blocked for 1 s",
                "A third into the run one request holds the app's event loop up for a second.",
                OTHER,
                READY,
                new Course.Blocked(open(500), "/block"),
                LATENCY);
    }

    private static Load open(int rate) {
        return new Load.Open(new Pacer.Constant(rate), 64);
    }
}
