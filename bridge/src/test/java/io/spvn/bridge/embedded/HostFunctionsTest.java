package io.spvn.bridge.embedded;

import static io.spvn.bridge.embedded.EmbeddedPython.eval;
import static io.spvn.bridge.embedded.EmbeddedPython.exec;
import static io.spvn.bridge.embedded.EmbeddedPython.repr;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.KeptSink;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.Write;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.worker.ExchangeTable;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.Requests;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The module `_spvn_host`, called by a real Python without a loop.
@Timeout(60)
class HostFunctionsTest {
    private static final String START = "{'type': 'http.response.start', 'status': 200}";

    private final EmbeddedPython python = EmbeddedPython.get();
    private final RequestQueue requests = new RequestQueue(8);
    private final Pulse pulse = new Pulse();
    private final Inbox inbox = new Inbox(requests, pulse);
    private final ExchangeTable exchanges = new ExchangeTable();
    private final Farewell farewell = new Farewell(inbox::drain, Duration.ofNanos(1));
    private final VitalSigns signs =
            new VitalSigns(0, pulse, inbox::wakeWorker, Duration.ofNanos(1), List::of, _ -> {});
    private final AtomicBoolean serving = new AtomicBoolean();
    private final KeptSink sink = new KeptSink();

    @BeforeEach
    void install() {
        python.run(
                () -> {
                    HostModule host = new HostModule("_spvn_host");
                    PythonSide side = new PythonSide();
                    Outbox outbox = new Outbox(sink, side::requestFlush);
                    AsgiCodec codec = new AsgiCodec("", inbox::giveBack);
                    Admission admission =
                            new Admission(
                                    requests,
                                    ExchangeListener.NONE,
                                    Duration.ofSeconds(5),
                                    outbox::ready);
                    new RequestFunctions(inbox, exchanges, admission, codec, side, outbox)
                            .install(host);
                    new LifeFunctions(
                                    inbox,
                                    exchanges,
                                    farewell,
                                    codec,
                                    outbox,
                                    () -> serving.set(true),
                                    module -> module.equals("others.follow"))
                            .install(host);
                    new VitalFunctions(signs, inbox).install(host);
                    exec("import os, sys; host = sys.modules['_spvn_host']; bell = os.pipe()");
                });
    }

    private void serve() {
        exec("host.serving(bell[1], {'type': 'http'}, {}, {})");
    }

    /// Has Python take a request; its number, receive and send have names then.
    private HttpExchange taken(HttpExchange request) {
        try {
            Requests.put(requests, request);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
        serve();
        exec("number, scope, receive, send = host.take()");
        return request;
    }

    /// What an expression raises, by class and message.
    private static String raised(String expression) {
        exec(
                """
                try:
                    %s
                    raised = 'nothing'
                except Exception as error:
                    raised = f'{type(error).__name__}: {error}'
                """
                        .formatted(expression));
        return repr(eval("raised"));
    }

    @Test
    void refused_tellsWhetherOthersFollow() {
        python.run(
                () -> {
                    assertEquals("True", repr(eval("host.refused('others.follow')")));
                    assertEquals("False", repr(eval("host.refused('none.follow')")));
                });
    }

    // ---- requests

    @Test
    void take_ofARequest_isItsNumberScopeReceiveAndSend() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    assertSame(request, exchanges.get(request.id()));
                    assertEquals(request.id(), CPython.longAsLong(eval("number")));
                    assertEquals("'GET'", repr(eval("scope['method']")));
                    assertEquals(1, exchanges.size());
                });
    }

    @Test
    void take_ofNothing_isNone_andOfOrdersTheirNumbers() {
        python.run(
                () -> {
                    serve();
                    assertEquals("None", repr(eval("host.take()")));
                    inbox.signal(10);
                    inbox.drain();
                    inbox.stop(Duration.ofSeconds(1));
                    assertEquals(
                            "[-11, -1000, -1, None]",
                            repr(eval("[host.take() for _ in range(4)]")));
                });
    }

    @Test
    void take_ofNews_isTheNumber() {
        python.run(
                () -> {
                    inbox.wake(taken(Requests.request()));
                    assertEquals("True", repr(eval("host.take() == number")));
                });
    }

    @Test
    void receive_isTheNextEventOrNone() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.upload(true));
                    assertEquals("None", repr(eval("host.receive(number)")));
                    assertEquals(List.of(request), sink.ready); // the client is told to go on
                    assertInstanceOf(Write.Continue.class, request.nextWrite());
                    offer(request, "abc");
                    assertEquals(
                            "{'type': 'http.request', 'body': b'abc', 'more_body': True}",
                            repr(eval("host.receive(number)")));
                    request.broken();
                    assertEquals("{'type': 'http.disconnect'}", repr(eval("host.receive(number)")));
                });
    }

    private static void offer(HttpExchange request, String text) {
        try {
            assertTrue(request.offer(text.getBytes(ISO_8859_1)));
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void send_ofAResponse_isReadyWithItsBody() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    exec("send(" + START + ")");
                    assertEquals(List.of(), sink.ready);
                    exec("send({'type': 'http.response.body', 'body': b'hi'})");
                    assertEquals(List.of(request), sink.ready);
                    assertTrue(request.settled());
                    exec("host.ended(number, None)");
                    assertEquals(List.of(request), sink.ready);
                    assertEquals(0, exchanges.size());
                });
    }

    @Test
    void send_takesItsMessageByName() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    exec("send(message=" + START + ")");
                    exec("send(**{'mess' + 'age': {'type': 'http.response.body'}})");
                    assertTrue(request.settled());
                    assertEquals(
                            "\"RuntimeError: Unexpected ASGI message 'x'\"",
                            raised("send(message={'type': 'x'})"));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}, {}",
                "event={}",
                "{}, message={}",
                "message={}, more={}",
                "x={}, y={}"
            })
    void send_ofAnythingButAMessage_isATypeError(String arguments) {
        python.run(
                () -> {
                    taken(Requests.request());
                    assertEquals(
                            "'TypeError: send() takes one argument: message'",
                            raised("send(" + arguments + ")"));
                });
    }

    @Test
    void send_outOfTurn_isARuntimeError() {
        python.run(
                () -> {
                    taken(Requests.request());
                    assertTrue(
                            raised("send({'type': 'http.response.body'})")
                                    .startsWith("\"RuntimeError: "),
                            () -> repr(eval("raised")));
                    assertEquals(
                            "\"RuntimeError: Unexpected ASGI message 'x'\"",
                            raised("send({'type': 'x'})"));
                    exec("host.ended(number, None)");
                    assertEquals(
                            "'RuntimeError: Unexpected ASGI message after the app has returned'",
                            raised("send(" + START + ")"));
                });
    }

    @Test
    void send_toAClientThatHasGone_isAnOsError_andGivesTheBodyBack() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    exec("send(" + START + ")");
                    request.broken();
                    String send = "send({'type': 'http.response.body', 'body': bytes(100_000)})";
                    assertTrue(raised(send).startsWith("'ClientDisconnected"));
                    assertTrue(inbox.nextReference() != null);
                    assertTrue(raised("host.writable(number)").startsWith("'ClientDisconnected"));
                });
    }

    @Test
    void send_ofMoreThanTheClientTakes_hasToBeAwaited() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    exec("send(" + START + ")");
                    exec(
                            "body = {'type': 'http.response.body', 'body': bytes(4_000_000),"
                                    + " 'more_body': True}");
                    exec("waits = send(body)");
                    assertEquals("'drained'", repr(eval("waits.__name__")));
                    assertEquals("False", repr(eval("host.writable(number)")));
                    exec("waits.close()");
                    for (Write write = request.nextWrite();
                            write != null;
                            write = request.nextWrite()) {
                        if (write instanceof Write.Body(Outbound.ResponseBody body)) {
                            request.written(body.data());
                        }
                    }
                    assertSame(request, inbox.nextNews());
                    assertEquals("True", repr(eval("host.writable(number)")));
                });
    }

    @Test
    void ended_withoutAResponse_isAnswered500() {
        python.run(
                () -> {
                    HttpExchange request = taken(Requests.request());
                    exec("host.ended(number, 'Traceback ...')");
                    assertEquals(List.of(request), sink.ready);
                    assertEquals(new Write.Refusal(Rejected.APP_FAILED), request.nextWrite());
                    assertNull(exchanges.get(request.id()));
                    exec("host.ended(number, None)"); // of one that is over already
                });
    }

    @Test
    void function_withoutItsArguments_isATypeError() {
        python.run(() -> assertEquals("'TypeError: missing argument 2'", raised("host.ended(7)")));
    }

    // ---- life

    @Test
    void serving_opensTheInbox() {
        python.run(
                () -> {
                    serve();
                    assertTrue(serving.get());
                    assertTrue(inbox.asleep());
                    inbox.signal(10);
                    assertEquals("8", repr(eval("len(os.read(bell[0], 100))")));
                });
    }

    @Test
    void signal_tellsWhetherItIsTheApps() {
        python.run(
                () -> {
                    assertEquals("False", repr(eval("host.signal('TERM', 'tell')")));
                    assertEquals("True", repr(eval("host.signal('WINCH', 'default')")));
                });
    }

    @Test
    void drain_isWhatFollowsForARequest() {
        python.run(
                () -> {
                    taken(Requests.request());
                    assertEquals("0", repr(eval("host.drain(number, 2)")));
                    farewell.begin();
                    assertEquals("1", repr(eval("host.drain(number, 2)")));
                    assertEquals("0", repr(eval("host.drain(12345, 2)")));
                });
    }

    @Test
    void grace_andWhatIsWaitedFor_goThrough() {
        python.run(
                () -> {
                    inbox.stop(Duration.ofSeconds(100));
                    assertEquals("True", repr(eval("99 < host.grace() <= 100")));
                    exec("host.waits_for('threads', True)");
                    assertEquals("threads", farewell.waitsFor());
                    assertTrue(farewell.served());
                });
    }

    // ---- vital signs

    @Test
    void rests_andGoesOn_makeTheTimeAtWork() {
        python.run(
                () -> {
                    exec("host.rests()");
                    Duration busy = signs.status(0, WorkerState.SERVING, 0).busy();
                    assertEquals(busy, signs.status(0, WorkerState.SERVING, 0).busy());
                    exec("host.goes_on()");
                    assertTrue(signs.status(0, WorkerState.SERVING, 0).busy().compareTo(busy) > 0);
                });
    }

    @Test
    void watching_hasTheStackAskedFor() {
        python.run(
                () -> {
                    assertEquals("True", repr(eval("host.watched()")));
                    exec("host.watching(bell[1])");
                    serve();
                    signs.tick(); // asks for a sign of life
                    exec("os.read(bell[0], 100)");
                    signs.tick(); // which has not come
                    assertEquals("8", repr(eval("len(os.read(bell[0], 100))")));
                    exec("host.stack('where it hangs', -1)");
                });
    }

    @Test
    void deaf_nothingIsAskedAnyMore() {
        python.run(
                () -> {
                    exec("host.deaf()");
                    signs.tick();
                    assertFalse(pulse.asked());
                });
    }
}
