package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.ScriptedServer.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseReaderTest {
    /// How a response ends.
    enum End {
        /// The connection stays.
        KEPT,
        /// The response says that the connection is of no more use.
        LAST,
        /// The response ends with the connection.
        BY_CLOSE
    }

    /// A response, and what must be found in it.
    ///
    /// @param left bytes after its end
    record Row(String name, boolean head, String text, int status, End end, int left) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Row kept(String name, int status, String text) {
        return new Row(name, false, text, status, End.KEPT, 0);
    }

    private static Row last(String name, String text) {
        return new Row(name, false, text, 200, End.LAST, 0);
    }

    private static Row byClose(String name, String text) {
        return new Row(name, false, text, 200, End.BY_CLOSE, 0);
    }

    private static Row head(String name, String text) {
        return new Row(name, true, text, 200, End.KEPT, 0);
    }

    private static Row followed(String name, String text, int left) {
        return new Row(name, false, text, 200, End.KEPT, left);
    }

    static Stream<Row> responses() {
        String chunks = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";
        return Stream.of(
                kept("length", 200, "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"),
                kept("length of 0", 200, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
                kept("lower case", 200, "HTTP/1.1 200 OK\ncontent-length:5\n\nhello"),
                kept("upper case", 200, "HTTP/1.1 200 OK\nCONTENT-LENGTH:\t5 \t\n\nhello"),
                kept("length of 00005", 200, "HTTP/1.1 200 OK\nContent-Length: 00005\n\nhello"),
                kept(
                        "equal lengths",
                        200,
                        "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 5\n\nhello"),
                kept("no reason", 200, "HTTP/1.1 200\nContent-Length: 0\n\n"),
                kept("empty reason", 200, "HTTP/1.1 200 \nContent-Length: 0\n\n"),
                kept("long reason", 503, "HTTP/1.1 503 Not now, dear\nContent-Length: 0\n\n"),
                kept("404", 404, "HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno"),
                kept("599", 599, "HTTP/1.1 599 x\nContent-Length: 2\n\nno"),
                kept("line ends in the body", 200, "HTTP/1.1 200 OK\nContent-Length: 6\n\na\nb\n"),
                kept("chunked", 200, chunks + "5\nhello\n0\n\n"),
                kept("no chunk but the last", 200, chunks + "0\n\n"),
                kept("hex sizes", 200, chunks + "A\n0123456789\n0b\n0123456789a\n000\n\n"),
                kept("extensions", 200, chunks + "5;a=b;c=\"d\"\nhello\n3 ;x\nabc\n0;z\n\n"),
                kept("trailers", 200, chunks + "5\nhello\n0\nDigest: x\nB: y\n\n"),
                kept("1,000 chunks", 200, chunks + "4\nabcd\n".repeat(1_000) + "0\n\n"),
                kept(
                        "chunked over length",
                        200,
                        chunks.replace(": c", ": C").replace("\n\n", "\nContent-Length: 1\n\n")
                                + "5\nhello\n0\n\n"),
                kept(
                        "gzip, chunked",
                        200,
                        "HTTP/1.1 200 OK\nTransfer-Encoding: gzip, chunked\n\n2\nab\n0\n\n"),
                kept("204", 204, "HTTP/1.1 204 No Content\n\n"),
                kept("304 with a length", 304, "HTTP/1.1 304 x\nContent-Length: 9\n\n"),
                kept(
                        "100 before",
                        200,
                        "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
                kept(
                        "103s before",
                        200,
                        "HTTP/1.1 103 Early Hints\nLink: a\nConnection: close\n\n".repeat(3)
                                + "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
                kept(
                        "HTTP/1.0, keep-alive",
                        200,
                        "HTTP/1.0 200 OK\nConnection: Keep-Alive\nContent-Length: 2\n\nok"),
                kept(
                        "as many fields as may be",
                        200,
                        "HTTP/1.1 200 OK\n" + "A: b\n".repeat(990) + "Content-Length: 0\n\n"),
                head("HEAD with a length", "HTTP/1.1 200 OK\nContent-Length: 500\n\n"),
                head("HEAD, chunked", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"),
                head("HEAD, nothing said", "HTTP/1.1 200 OK\n\n"),
                last("HTTP/1.0", "HTTP/1.0 200 OK\nContent-Length: 2\n\nok"),
                last("close", "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok"),
                last(
                        "close among others",
                        "HTTP/1.1 200 OK\nConnection: foo, Close\nContent-Length: 2\n\nok"),
                last("close, chunked", chunks.replace("\n\n", "\nConnection: close\n\n0\n\n")),
                byClose("nothing said", "HTTP/1.1 200 OK\n\nhello"),
                byClose("nothing said, no body", "HTTP/1.1 200 OK\n\n"),
                byClose("HTTP/1.0, nothing said", "HTTP/1.0 200 OK\n\nhello"),
                byClose("not chunked", "HTTP/1.1 200 OK\nTransfer-Encoding: gzip\n\nhello"),
                followed("more than its length", "HTTP/1.1 200 OK\nContent-Length: 2\n\nokXYZ", 3),
                followed("more than its chunks", chunks + "0\n\nHTTP", 4),
                new Row("HEAD with a body", true, "HTTP/1.1 200 OK\n\nbody", 200, End.KEPT, 4));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void response_fedWhole_isFound(Row row) throws MalformedResponse {
        ResponseReader reader = begun(row.head());
        ByteBuffer bytes = ByteBuffer.wrap(wire(row.text()));
        boolean ended = reader.read(bytes);
        assertFound(row, reader, ended);
        assertEquals(row.left(), bytes.remaining());
    }

    @ParameterizedTest
    @MethodSource("responses")
    void response_fedByteByByte_isFound(Row row) throws MalformedResponse {
        ResponseReader reader = begun(row.head());
        byte[] bytes = wire(row.text());
        boolean ended = false;
        int used = 0;
        while (!ended && used < bytes.length) {
            ended = reader.read(ByteBuffer.wrap(bytes, used++, 1));
        }
        assertFound(row, reader, ended);
        assertEquals(row.left(), bytes.length - used);
    }

    @ParameterizedTest
    @MethodSource("responses")
    void response_splitAnywhere_isFound(Row row) throws MalformedResponse {
        byte[] bytes = wire(row.text());
        for (int at = 1; at < bytes.length - row.left(); at++) {
            ResponseReader reader = begun(row.head());
            assertFalse(reader.read(ByteBuffer.wrap(bytes, 0, at)));
            assertFound(row, reader, reader.read(ByteBuffer.wrap(bytes, at, bytes.length - at)));
        }
    }

    @ParameterizedTest
    @MethodSource("responses")
    void response_cutShort_hasNotEndedUnlessItEndsByClose(Row row) throws MalformedResponse {
        byte[] bytes = wire(row.text());
        int headEnd = row.text().replace("\n", "\r\n").indexOf("\r\n\r\n") + 4;
        for (int at = 0; at < bytes.length - row.left(); at++) {
            ResponseReader reader = begun(row.head());
            assertFalse(reader.read(ByteBuffer.wrap(bytes, 0, at)));
            boolean inBody = row.end() == End.BY_CLOSE && at >= headEnd;
            assertEquals(inBody, reader.endsWithConnection(), "cut after " + at);
        }
    }

    private static void assertFound(Row row, ResponseReader reader, boolean ended) {
        assertEquals(row.status(), reader.status());
        assertEquals(row.end() != End.BY_CLOSE, ended);
        assertEquals(row.end() == End.BY_CLOSE, reader.endsWithConnection());
        assertEquals(row.end() == End.KEPT, reader.keepsConnection());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage, and not little of it\n",
                "\n",
                "HTTP/1.1\n",
                "HTTP/1.1 20\n",
                "HTTP/1.1 2000 OK\n",
                "HTTP/1.1 abc OK\n",
                "HTTP/1.1 -20 OK\n",
                "HTTP/1.1 099 OK\n",
                "HTTP/1.1  200 OK\n",
                "HTTP/2.0 200 OK\n",
                "HTTP/1.x 200 OK\n",
                "http/1.1 200 OK\n",
                "GET / HTTP/1.1\n",
                " HTTP/1.1 200 OK\n",
                "HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\n\n",
                "HTTP/1.1 200 OK\nno colon\n",
                "HTTP/1.1 200 OK\n: no name\n",
                "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n",
                "HTTP/1.1 200 OK\nContent-Length: -1\n",
                "HTTP/1.1 200 OK\nContent-Length: +1\n",
                "HTTP/1.1 200 OK\nContent-Length:\n",
                "HTTP/1.1 200 OK\nContent-Length: 1 2\n",
                "HTTP/1.1 200 OK\nContent-Length: 0x5\n",
                "HTTP/1.1 200 OK\nContent-Length: five\n",
                "HTTP/1.1 200 OK\nContent-Length: \u00e4\n",
                "HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n",
                "HTTP/1.1 200 OK\nContent-Length: 18446744073709551616\n",
            })
    void head_malformed_isRefused(String text) {
        assertMalformed(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n",
                ";x\n",
                "-1\n",
                "+1\n",
                " 1\n",
                "0x1\n",
                "g\n",
                "1 1\n",
                "ffffffffffffffff\n",
                "10000000000000000\n",
                "2\nabc\n",
                "2\nab3\n",
                "2\nab\n\n",
            })
    void chunks_malformed_areRefused(String chunks) {
        assertMalformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n" + chunks);
    }

    @Test
    void line_withoutEnd_isRefusedAtItsBound() {
        String line = "a".repeat(16 * 1024 + 1);
        assertMalformed(line);
        assertMalformed("HTTP/1.1 200 OK\nX: " + line);
        assertMalformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1;" + line);
        assertMalformed("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\nX: " + line);
    }

    @Test
    void lines_withoutEnd_areRefusedAtTheirBound() {
        assertMalformed("HTTP/1.1 200 OK\n" + "A: b\n".repeat(1_001));
        assertMalformed("HTTP/1.1 100 Continue\n\n".repeat(501));
        assertMalformed(
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n" + "A: b\n".repeat(1_001));
    }

    private static void assertMalformed(String text) {
        byte[] bytes = wire(text);
        assertThrows(
                MalformedResponse.class,
                () -> assertFalse(begun(false).read(ByteBuffer.wrap(bytes))));
        assertThrows(
                MalformedResponse.class,
                () -> {
                    ResponseReader reader = begun(false);
                    for (byte next : bytes) {
                        assertFalse(reader.read(ByteBuffer.wrap(new byte[] {next})));
                    }
                });
    }

    @Test
    void length_largerThanMemory_isCountedDown() throws MalformedResponse {
        ResponseReader reader = begun(false);
        long length = 5L << 30;
        assertFalse(
                reader.read(
                        ByteBuffer.wrap(
                                wire("HTTP/1.1 200 OK\nContent-Length: " + length + "\n\n"))));
        ByteBuffer part = ByteBuffer.allocate(1 << 20);
        for (long read = part.capacity(); read < length; read += part.capacity()) {
            assertFalse(reader.read(part.clear()));
        }
        assertTrue(reader.read(part.clear()));
    }

    @Test
    void reader_begunAgainAfterWhatever_knowsNothingOfIt() throws MalformedResponse {
        ResponseReader reader = begun(false);
        assertFalse(
                reader.read(
                        ByteBuffer.wrap(
                                wire(
                                        "HTTP/1.0 500 x\nTransfer-Encoding: chunked\n"
                                                + "Content-Length: 7\nX: unfin"))));
        reader.begin();
        assertTrue(reader.read(ByteBuffer.wrap(wire("HTTP/1.1 200 OK\nContent-Length: 2\n\nok"))));
        assertEquals(200, reader.status());
        assertTrue(reader.keepsConnection());
    }

    @Test
    void lineFeeds_withoutReturns_endLines() throws MalformedResponse {
        ResponseReader reader = begun(false);
        String text = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
        assertTrue(reader.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII))));
    }

    private static ResponseReader begun(boolean head) {
        ResponseReader reader = new ResponseReader(head);
        reader.begin();
        return reader;
    }
}
