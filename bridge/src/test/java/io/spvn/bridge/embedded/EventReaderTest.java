package io.spvn.bridge.embedded;

import static io.spvn.bridge.embedded.EmbeddedPython.eval;
import static io.spvn.bridge.embedded.EmbeddedPython.exec;
import static io.spvn.bridge.embedded.EmbeddedPython.references;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
    private final EmbeddedPython python = EmbeddedPython.get();
    private final List<Long> givenBack = new ArrayList<>();

    private Outbound read(String event) {
        return new EventReader(new Names(), givenBack::add).read(eval(event));
    }

    private Outbound.ResponseStart start(String event) {
        return assertInstanceOf(Outbound.ResponseStart.class, read(event));
    }

    private Outbound.ResponseBody body(String event) {
        return assertInstanceOf(Outbound.ResponseBody.class, read(event));
    }

    private static String text(Payload payload) {
        byte[] copy = new byte[(int) payload.length()];
        payload.copyTo(0, copy, 0, copy.length);
        return new String(copy, ISO_8859_1);
    }

    private static String shown(Headers headers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            int from = headers.nameStart(i);
            text.append(new String(headers.block(), from, headers.nameEnd(i) - from, ISO_8859_1))
                    .append('=')
                    .append(new String(headers.value(i), ISO_8859_1))
                    .append(';');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[(b'A', b'1'), [b'b', b'2']]",
                "((b'a', b'1'), (b'B', b'2'))",
                "(pair for pair in [(b'a', b'1'), (b'b', b'2')])",
                "{b'a': b'1', b'b': b'2'}.items()",
            })
    void start_headersMayBeAnyIterable(String headers) {
        python.run(
                () -> {
                    Outbound.ResponseStart start =
                            start(
                                    "{'type': 'http.response.start', 'status': 201, 'headers': %s}"
                                            .formatted(headers));
                    assertEquals(201, start.status());
                    assertEquals("a=1;b=2;", shown(start.headers()));
                });
    }

    @Test
    void start_withoutHeaders_hasNone() {
        python.run(
                () ->
                        assertEquals(
                                0,
                                start("{'type': 'http.response.start', 'status': 204}")
                                        .headers()
                                        .size()));
    }

    @Test
    void type_isKnownByItsValue() {
        python.run(
                () -> {
                    exec("class Name(str): pass");
                    EventReader reader = new EventReader(new Names(), givenBack::add);
                    for (String type :
                            List.of("'http.response' + '.body'", "Name('http.response.body')")) {
                        long event = eval("{'type': %s, 'body': b'x'}".formatted(type));
                        assertInstanceOf(Outbound.ResponseBody.class, reader.read(event));
                        assertInstanceOf(Outbound.ResponseBody.class, reader.read(event));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "b'data'",
                "bytearray(b'data')",
                "memoryview(b'data')",
                "type('Data', (bytes,), {})(b'data')",
            })
    void body_mayBeAnyBytes(String data) {
        python.run(
                () -> {
                    Outbound.ResponseBody body =
                            body("{'type': 'http.response.body', 'body': %s}".formatted(data));
                    assertEquals("data", text(body.data()));
                    assertFalse(body.more());
                });
    }

    @ParameterizedTest
    @CsvSource({"True, true", "False, false", "1, true", "0, false", "[], false"})
    void body_moreIsWhatPythonTakesForTrue(String value, boolean more) {
        python.run(
                () ->
                        assertEquals(
                                more,
                                body("{'type': 'http.response.body', 'more_body': %s}"
                                                .formatted(value))
                                        .more()));
    }

    @Test
    void body_thatIsLarge_isPinnedUntilItIsReleased() {
        python.run(
                () -> {
                    exec("large = {'type': 'http.response.body', 'body': bytes(100_000)}");
                    long data = eval("large['body']");
                    int before = references(data);
                    Outbound.ResponseBody body = body("large");
                    assertEquals(100_000, body.data().length());
                    assertEquals(0, body.data().heapBytes());
                    assertEquals(before + 1, references(data));
                    body.data().release();
                    body.data().release();
                    assertEquals(List.of(data), givenBack);
                    assertThrows(IndexOutOfBoundsException.class, () -> text(body.data()));
                    CPython.decRef(data);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                        | an ASGI event must be a dict",
                "{'type': 'http.response.start', 'status': '200'}          | 'status' must be an int",
                "{'type': 'http.response.start', 'status': True}           | 'status' must be an int",
                "{'type': 'http.response.start', 'status': 200, 'headers': [(b'a',)]} | a header must be a pair of name and value",
                "{'type': 'http.response.start', 'status': 200, 'headers': [('a', b'')]} | a header name must be bytes",
                "{'type': 'http.response.start', 'status': 200, 'headers': [(b'a', '')]} | a header value must be bytes",
                "{'type': 'http.response.body', 'body': 'text'}            | 'body' must be bytes",
            })
    void value_ofTheWrongType_isATypeError(String event, String message) {
        python.run(
                () -> {
                    PythonException failure =
                            assertThrows(PythonException.class, () -> read(event));
                    assertEquals(message, failure.getMessage());
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                              | ASGI event without a 'type'",
                "{'type': 7}                     | ASGI event without a 'type'",
                "{'type': 'http.response.begin'} | Unexpected ASGI message 'http.response.begin'",
                "{'type': 'http.response.start'} | 'http.response.start' without 'status'",
            })
    void event_thatIsNone_isAViolation(String event, String message) {
        python.run(
                () -> {
                    AsgiViolation failure = assertThrows(AsgiViolation.class, () -> read(event));
                    assertEquals(message, failure.getMessage());
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "1000", "-1", "10 ** 30"})
    void status_beyondHttp_isRefused(String status) {
        python.run(
                () -> {
                    String event = "{'type': 'http.response.start', 'status': " + status + "}";
                    assertThrows(RuntimeException.class, () -> read(event));
                    assertEquals(0, CPython.errOccurred());
                });
    }

    @Test
    void headers_whoseIterationSendsAnotherEvent_areKeptApart() {
        python.run(
                () -> {
                    Names names = new Names();
                    EventReader reader = new EventReader(names, givenBack::add);
                    List<Outbound> inner = new ArrayList<>();
                    long inside =
                            eval(
                                    "{'type': 'http.response.start', 'status': 202, 'headers':"
                                            + " [(b'inner', b'1')]}");
                    long function =
                            Values.require(
                                    CPython.cMethodNew(
                                            HostModule.define(
                                                    "read_inner",
                                                    "argument",
                                                    (_, _) -> {
                                                        inner.add(reader.read(inside));
                                                        return Values.none();
                                                    }),
                                            0,
                                            0,
                                            0));
                    EmbeddedPython.name("read_inner", function);
                    exec(
                            """
                            def fields():
                                yield b'outer', b'1'
                                read_inner(None)
                                yield b'last', b'2'
                            """);
                    Outbound outer =
                            reader.read(
                                    eval(
                                            "{'type': 'http.response.start', 'status': 200,"
                                                    + " 'headers': fields()}"));
                    assertEquals(
                            "outer=1;last=2;", shown(((Outbound.ResponseStart) outer).headers()));
                    assertEquals(
                            "inner=1;",
                            shown(((Outbound.ResponseStart) inner.getFirst()).headers()));
                    assertTrue(givenBack.isEmpty());
                });
    }

    // ---- extensions

    @Test
    void start_mayTellOfTrailers() {
        python.run(
                () -> {
                    String event = "{'type': 'http.response.start', 'status': 200, 'trailers': %s}";
                    assertTrue(start(event.formatted("True")).trailers());
                    assertFalse(start(event.formatted("False")).trailers());
                    var denial =
                            (Outbound.DenialStart)
                                    read(
                                            "{**"
                                                    + event.formatted("True")
                                                    + ", 'type': 'websocket.http.response.start'}");
                    assertFalse(denial.start().trailers());
                });
    }

    @Test
    void trailersAndHints_areFields() {
        python.run(
                () -> {
                    var trailers =
                            assertInstanceOf(
                                    Outbound.Trailers.class,
                                    read(
                                            "{'type': 'http.response.trailers', 'headers': [(b'A',"
                                                    + " b'1')], 'more_trailers': True}"));
                    assertEquals("a=1;", shown(trailers.headers()));
                    assertTrue(trailers.more());
                    assertFalse(
                            ((Outbound.Trailers) read("{'type': 'http.response.trailers'}"))
                                    .more());
                    var hint =
                            assertInstanceOf(
                                    Outbound.EarlyHint.class,
                                    read(
                                            "{'type': 'http.response.early_hint', 'links': iter([b'</a>',"
                                                    + " b'</b>'])}"));
                    assertEquals("link=</a>;link=</b>;", shown(hint.links()));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type': 'http.response.early_hint', 'links': ['</a>']}",
                "{'type': 'http.response.early_hint', 'links': 3}",
                "{'type': 'http.response.trailers', 'headers': [('a', b'1')]}",
                "{'type': 'http.response.pathsend', 'path': b'/x'}",
                "{'type': 'http.response.pathsend', 'path': '/nowhere/x'}",
                "{'type': 'http.response.zerocopysend', 'file': 'x'}",
                "{'type': 'http.response.zerocopysend', 'file': 9999}"
            })
    void extension_ofWrongValues_raisesInPython(String event) {
        python.run(() -> assertThrows(PythonException.class, () -> clearing(event)));
    }

    private void clearing(String event) {
        try {
            read(event);
        } finally {
            CPython.errClear();
        }
    }

    @Test
    void files_areOpenedOnceMore_andPythonKeepsNone() {
        python.run(
                () -> {
                    exec(
                            "import os, tempfile; given = tempfile.TemporaryFile();"
                                    + " given.write(b'0123456789'); given.flush(); given.seek(2);"
                                    + " named = tempfile.NamedTemporaryFile(); named.write(b'abc');"
                                    + " named.flush(); before = len(os.listdir('/proc/self/fd'))");
                    var whole =
                            (Outbound.WholeFile)
                                    read("{'type': 'http.response.pathsend', 'path': named.name}");
                    assertEquals("abc", text(whole.file()));
                    Outbound.ResponseBody part =
                            body(
                                    "{'type': 'http.response.zerocopysend', 'file': given, 'count': 3}");
                    assertEquals("234", text(part.data()));
                    assertFalse(part.more());
                    Outbound.ResponseBody rest =
                            body(
                                    "{'type': 'http.response.zerocopysend', 'file':"
                                            + " given.fileno(), 'more_body': True}");
                    exec("given.close()");
                    assertEquals("56789", text(rest.data()));
                    assertTrue(rest.more());
                    List.of(whole, part, rest).forEach(Outbound::release);
                    assertEquals(
                            "0",
                            EmbeddedPython.repr(
                                    eval("len(os.listdir('/proc/self/fd')) + 1 - before")));
                });
    }
}
