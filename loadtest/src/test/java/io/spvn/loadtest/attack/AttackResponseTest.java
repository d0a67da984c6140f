package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Attacks.LONG;
import static io.spvn.loadtest.attack.Attacks.NOTHING;
import static io.spvn.loadtest.attack.Attacks.assertAllAnswered;
import static io.spvn.loadtest.attack.Attacks.ms;
import static io.spvn.loadtest.attack.Attacks.run;
import static io.spvn.loadtest.attack.Plans.open;
import static io.spvn.loadtest.attack.ScriptedServer.ok;
import static io.spvn.loadtest.attack.ScriptedServer.wire;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attacks on servers that answer, each in its own way.
@Timeout(30)
class AttackResponseTest {

    @Test
    void connectionClose_afterEachResponse_costsAConnectionAndNoRequest() throws IOException {
        byte[] last = wire("HTTP/1.1 200 OK\nConnection: close\nContent-Length: 2\n\nok");
        ScriptedServer.Conversation once =
                peer -> {
                    peer.request();
                    peer.answer(last);
                };
        try (ScriptedServer server = ScriptedServer.talking(once)) {
            assertAllAnswered(300, run(server, open(600, 4), ms(500)));
            assertTrue(server.accepted() >= 300, "accepted: " + server.accepted());
        }
    }

    @ParameterizedTest
    @CsvSource({"close, 50", "'x, Close', 50", "keep-alive, 2"})
    void connectionClose_ofTheRequest_endsEachConnection(String value, int connections)
            throws IOException {
        Request request =
                new Request("GET", List.of(new Request.Field("CONNECTION", value)), NOTHING);
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            assertAllAnswered(50, run(server, request, open(200, 2), ms(250), LONG));
            assertBetween(connections, server.accepted());
        }
    }

    /// Those that are opened ahead of a request that never comes are no matter.
    private static void assertBetween(int connections, int accepted) {
        assertTrue(connections <= accepted && accepted <= connections + 2, "accepted: " + accepted);
    }

    @Test
    void responseWithoutLength_endsWithItsConnection() throws IOException {
        ScriptedServer.Conversation once =
                peer -> {
                    peer.request();
                    peer.answer(wire("HTTP/1.0 200 OK\n\nhello"));
                };
        try (ScriptedServer server = ScriptedServer.talking(once)) {
            assertAllAnswered(100, run(server, open(400, 4), ms(250)));
        }
    }

    @Test
    void moreThanWasAskedFor_endsTheConnectionAndNotTheRequest() throws IOException {
        byte[] two = wire("HTTP/1.1 200 OK\nContent-Length: 0\n\n".repeat(2));
        ScriptedServer.Answer answer = _ -> two;
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Run run = run(server, open(200, 2), ms(250));
            assertAllAnswered(50, run);
            assertTrue(server.accepted() > 25, "accepted: " + server.accepted());
        }
    }

    @Test
    void errorStatuses_areResponsesAndNoSuccesses() throws IOException {
        AtomicLong count = new AtomicLong();
        ScriptedServer.Answer answer =
                _ ->
                        count.incrementAndGet() % 4 == 0
                                ? wire("HTTP/1.1 500 Oops\nContent-Length: 4\n\noops")
                                : ok();
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Run run = run(server, open(400, 2), ms(250));
            assertEquals(Map.of(200, 75L, 500, 25L), run.statuses());
            assertEquals(0, run.failures());
            assertEquals(0.75, run.successRatio());
            assertEquals(run.rate() * 0.75, run.goodput(), 1e-6);
            assertEquals(25, requireNonNull(run.latencyByClass().get(5)).percentiles().count());
        }
    }

    @Test
    void head_hasNoBodyWhateverItsLength() throws IOException {
        ScriptedServer.Answer answer =
                request -> {
                    assertTrue(request.head().startsWith("HEAD / HTTP/1.1"));
                    return wire("HTTP/1.1 200 OK\nContent-Length: 1000\n\n");
                };
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Request head = new Request("HEAD", List.of(), NOTHING);
            assertAllAnswered(50, run(server, head, open(200, 2), ms(250), LONG));
            assertEquals(2, server.accepted());
        }
    }

    @Test
    void upload_toASlowReader_arrivesWhole() throws IOException {
        byte[] body = new byte[2 << 20];
        ScriptedServer.Conversation slow =
                peer -> {
                    while (true) {
                        peer.head();
                        for (int i = 0; i < 16; i++) {
                            Thread.sleep(5);
                            peer.in().skipNBytes(body.length / 16);
                        }
                        peer.send(ok());
                    }
                };
        try (ScriptedServer server = ScriptedServer.talking(slow)) {
            Request post = new Request("POST", List.of(), body);
            Run run = run(server, post, open(10, 4), ms(1_000), LONG);
            assertAllAnswered(10, run);
            assertEquals(10L * post.bytes(server.target()).length, run.bytesSent());
            assertEquals(4, server.accepted());
        }
    }

    /// The connection is of no more use: what is left of the request would be read as the next one.
    /// The server reads no body, so that none can be complete when its response comes.
    @Test
    void response_beforeTheUploadIsComplete_countsAndEndsTheConnection() throws IOException {
        byte[] full = wire("HTTP/1.1 413 Too Large\nContent-Length: 0\n\n");
        CountDownLatch end = new CountDownLatch(1);
        ScriptedServer.Conversation early =
                peer -> {
                    peer.head();
                    peer.send(full);
                    end.await();
                };
        try (ScriptedServer server = ScriptedServer.talking(early)) {
            Request post = new Request("POST", List.of(), new byte[32 << 20]);
            Run run = run(server, post, open(10, 2), ms(500), LONG);
            end.countDown();
            assertEquals(Map.of(), run.errors());
            assertEquals(Map.of(413, 5L), run.statuses());
            assertTrue(server.accepted() >= 5, "accepted: " + server.accepted());
        }
    }

    @Test
    void largeResponses_areReadToTheirEnd() throws IOException {
        byte[] head = wire("HTTP/1.1 200 OK\nContent-Length: " + (1 << 20) + "\n\n");
        byte[] large = Arrays.copyOf(head, head.length + (1 << 20));
        try (ScriptedServer server = ScriptedServer.answering(_ -> large)) {
            Run run = run(server, open(80, 4), ms(250));
            assertAllAnswered(20, run);
            assertEquals(20L * large.length, run.bytesReceived());
            assertEquals(4, server.accepted());
        }
    }

    @Test
    void aThousandChunks_areOneResponse() throws IOException {
        byte[] chunks =
                wire(
                        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n"
                                + "5\nhello\n".repeat(1_000)
                                + "0\n\n");
        try (ScriptedServer server = ScriptedServer.answering(_ -> chunks)) {
            Run run = run(server, open(200, 4), ms(250));
            assertAllAnswered(50, run);
            assertEquals(50L * chunks.length, run.bytesReceived());
            assertEquals(4, server.accepted());
        }
    }

    @Test
    void continue100_beforeTheResponse_isNotTheResponse() throws IOException {
        String interim = "HTTP/1.1 100 Continue\n\n";
        byte[] both = wire(interim + "HTTP/1.1 201 Created\nContent-Length: 0\n\n");
        try (ScriptedServer server = ScriptedServer.answering(_ -> both)) {
            assertEquals(Map.of(201, 50L), run(server, open(200, 2), ms(250)).statuses());
        }
    }
}
