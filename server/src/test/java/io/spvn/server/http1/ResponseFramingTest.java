package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponseFramingTest extends ResponseFixture {
    @Test
    void wholeBody_getsItsLength() {
        var encoder = respond(GET, 200, "content-type: text/plain", 5, "hello");
        assertWire("200 OK", "content-type: text/plain\r\ncontent-length: 5\r\n" + OURS, "hello");
        assertReusable(encoder);
    }

    @Test
    void emptyBody_getsALengthToo() {
        var encoder = respond(GET, 200, "", 0, "");
        assertWire("200 OK", "content-length: 0\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @Test
    void streamedBody_goesInChunks() {
        var encoder = respond(GET, 200, "", STREAMED, "hello", "x".repeat(26), "");
        assertWire(
                "200 OK",
                "transfer-encoding: chunked\r\n" + OURS,
                "5\r\nhello\r\n1a\r\n" + "x".repeat(26) + "\r\n0\r\n\r\n");
        assertReusable(encoder);
    }

    @Test
    void lastChunk_mayCarryData() {
        respond(GET, 200, "", STREAMED, "a", "b");
        assertWire(
                "200 OK", "transfer-encoding: chunked\r\n" + OURS, "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
    }

    @Test
    void emptyPiece_doesNotEndTheChunks() {
        respond(GET, 200, "", STREAMED, "", "a", "", "");
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "1\r\na\r\n0\r\n\r\n");
    }

    @Test
    void declaredLength_isKept() {
        var encoder = respond(GET, 200, "content-length: 5", STREAMED, "he", "llo", "");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "hello");
        assertReusable(encoder);
    }

    @Test
    void streamedBodyToHttp10_endsWithTheConnection() {
        var encoder = respond(GET_10_KEEP, 200, "", STREAMED, "hello", "");
        assertWire("200 OK", OURS + "connection: close\r\n", "hello");
        assertTrue(encoder.closeAfter());
    }

    @Test
    void transferEncodingOfTheApp_isDropped() {
        respond(GET, 200, "transfer-encoding: chunked\r\ncontent-length: 5", 5, "hello");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "hello");
    }

    @Test
    void transferEncodingOfTheApp_onAStream_isOurs() {
        respond(GET, 200, "transfer-encoding: gzip", STREAMED, "a", "");
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "1\r\na\r\n0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-length: abc",
                "content-length: -1",
                "content-length: 5\r\ncontent-length: 6",
                "content-length: 5\r\ncontent-length: x\r\ncontent-length: 5"
            })
    void unusableLength_isAsNone(String headers) {
        respond(GET, 200, headers, STREAMED, "hello", "");
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "5\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    void repeatedEqualLength_isWrittenOnce() {
        respond(GET, 200, "content-length: 5\r\ncontent-length: 5", 5, "hello");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "hello");
    }

    @Test
    void shortBody_isIncomplete() {
        var encoder = respond(GET, 200, "content-length: 9", STREAMED, "hello", "");
        assertWire("200 OK", "content-length: 9\r\n" + OURS, "hello");
        assertTrue(encoder.complete() && encoder.incomplete() && encoder.closeAfter());
    }

    @Test
    void longBody_isCutAtTheDeclaredLength() {
        var encoder = respond(GET, 200, "content-length: 4", 10, "hello", "world");
        assertWire("200 OK", "content-length: 4\r\n" + OURS, "hell");
        assertFalse(encoder.incomplete());
    }

    @Test
    void head_isAnsweredLikeGetWithoutTheBody() {
        var encoder = respond(HEAD, 200, "content-length: 5", STREAMED, "hel", "lo");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @Test
    void head_withoutBody_keepsTheDeclaredLength() {
        var encoder = respond(HEAD, 200, "content-length: 5", 0, "");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @Test
    void head_ofAWholeBody_saysItsLength() {
        respond(HEAD, 200, "", 5, "hello");
        assertWire("200 OK", "content-length: 5\r\n" + OURS, "");
    }

    @Test
    void head_withNothingToGoBy_claimsNoLength() {
        var encoder = respond(HEAD, 200, "", 0, "");
        assertWire("200 OK", OURS, "");
        assertReusable(encoder);
    }

    @Test
    void head_ofAStream_saysChunked() {
        var encoder = respond(HEAD, 200, "", STREAMED, "hello", "");
        assertWire("200 OK", "transfer-encoding: chunked\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @Test
    void head_ofAStreamToHttp10_keepsTheConnection() {
        var encoder = respond(HEAD_10_KEEP, 200, "", STREAMED, "hello", "");
        assertWire("200 OK", OURS + "connection: keep-alive\r\n", "");
        assertReusable(encoder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "content-length: 0", "content-length: 5", "transfer-encoding: chunked"})
    void noContent_hasNeitherBodyNorFraming(String headers) {
        var encoder = respond(GET, 204, headers, 5, "hello");
        assertWire("204 No Content", OURS, "");
        assertReusable(encoder);
    }

    @Test
    void notModified_mayHaveALengthButNoBody() {
        var encoder = respond(GET, 304, "etag: x\r\ncontent-length: 5", 0, "");
        assertWire("304 Not Modified", "etag: x\r\ncontent-length: 5\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 5, STREAMED})
    void notModified_isGivenNoLength(long known) {
        respond(GET, 304, "", known, "hello");
        assertWire("304 Not Modified", OURS, "");
    }

    @Test
    void resetContent_hasAnEmptyBody() {
        var encoder = respond(GET, 205, "content-length: 5", STREAMED, "hello", "");
        assertWire("205 Reset Content", "content-length: 0\r\n" + OURS, "");
        assertReusable(encoder);
    }

    @ParameterizedTest
    @CsvSource({"100, Continue", "101, Switching Protocols", "103, Early Hints", "199, ''"})
    void interimStatusAsTheFinalOne_endsTheConnection(int status, String reason) {
        var encoder = respond(GET, status, "content-length: 5", 5, "hello");
        assertWire(status + " " + reason, OURS + "connection: close\r\n", "");
        assertTrue(encoder.closeAfter());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "content-length: 5"})
    void tunnel_hasNoFramingAndEndsTheConnection(String headers) {
        var encoder = respond(CONNECT, 200, headers, 5, "hello");
        assertWire("200 OK", OURS + "connection: close\r\n", "hello");
        assertTrue(encoder.closeAfter());
    }

    @Test
    void refusedTunnel_isAnOrdinaryResponse() {
        respond(CONNECT, 405, "", 5, "hello");
        assertWire(
                "405 Method Not Allowed",
                "content-length: 5\r\n" + OURS + "connection: close\r\n",
                "hello");
    }
}
