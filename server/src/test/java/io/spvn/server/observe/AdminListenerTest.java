package io.spvn.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.process.ListeningSockets;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdminListenerTest {
    private static final String LARGE = "0123456789abcdef".repeat(256 * 1024);

    private AdminListener listener;

    @BeforeEach
    void open() throws IOException {
        listener = AdminListener.open(loopback(0), false, pages());
    }

    @AfterEach
    void close() throws InterruptedException {
        listener.close();
    }

    private static AdminPages pages() {
        return new AdminPages(
                Map.of(
                        "/ok", _ -> Answer.OK,
                        "/accept", request -> Answer.text(200, request.accept()),
                        "/large", _ -> Answer.text(200, LARGE),
                        "/sick", _ -> Answer.unavailable("sick"),
                        "/broken", AdminListenerTest::fail));
    }

    private static Answer fail(AdminRequest request) {
        throw new IllegalStateException("meant to fail: " + request.path());
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private String get(String path) {
        return AdminClient.get(listener.port(), path);
    }

    private String ask(String bytes) {
        return AdminClient.ask(listener.port(), bytes);
    }

    private static void assertStatus(String status, String response) {
        assertTrue(response.startsWith("HTTP/1.1 " + status + "\r\n"), response);
    }

    @Test
    void get_isAnsweredInFull() {
        assertEquals(
                """
                HTTP/1.1 200 OK\r
                Content-Type: text/plain; charset=utf-8\r
                Content-Length: 3\r
                Cache-Control: no-store\r
                Connection: close\r
                \r
                ok
                """,
                get("/ok"));
    }

    @Test
    void head_isAnsweredWithoutTheBody() {
        String response = ask("HEAD /ok HTTP/1.1\r\n\r\n");
        assertStatus("200 OK", response);
        assertTrue(response.contains("\r\nContent-Length: 3\r\n"), response);
        assertTrue(response.endsWith("\r\n\r\n"), response);
    }

    @Test
    void query_doesNotMatter() {
        assertStatus("200 OK", get("/ok?a=b"));
    }

    @Test
    void http10_isAnswered() {
        assertStatus("200 OK", ask("GET /ok HTTP/1.0\r\n\r\n"));
    }

    @Test
    void unavailable_isToldWithItsReason() {
        String response = get("/sick");
        assertStatus("503 Service Unavailable", response);
        assertTrue(response.endsWith("\r\n\r\nsick\n"), response);
    }

    @Test
    void unknownPath_is404WhateverTheMethod() {
        assertStatus("404 Not Found", get("/"));
        assertStatus("404 Not Found", get("/ok/"));
        assertStatus("404 Not Found", ask("POST /nowhere HTTP/1.1\r\n\r\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get", "BREW"})
    void otherMethods_areNotAllowed(String method) {
        String response = ask(method + " /ok HTTP/1.1\r\n\r\n");
        assertStatus("405 Method Not Allowed", response);
        assertTrue(response.contains("\r\nAllow: GET, HEAD\r\n"), response);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "GET /ok\r\n\r\n",
                "GET  /ok HTTP/1.1\r\n\r\n",
                "GET ok HTTP/1.1\r\n\r\n",
                "GET http://a/ok HTTP/1.1\r\n\r\n",
                "GET /ok HTTP/2.0\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001 tls\r\n\r\n"
            })
    void whatIsNoRequest_is400(String bytes) {
        assertStatus("400 Bad Request", ask(bytes));
    }

    @Test
    void accept_isReadInAnyCaseAndFromSeveralFields() {
        String response =
                ask("GET /accept HTTP/1.1\r\nACCEPT:  a/b \r\nX-Accept: no\r\naccept: c/d\r\n\r\n");
        assertTrue(response.endsWith("\r\n\r\na/b,c/d\n"), response);
    }

    @Test
    void headThatIsTooLarge_is431() {
        assertStatus("431 Request Header Fields Too Large", ask("GET /ok?" + "x".repeat(9000)));
    }

    @Test
    void bodyOfARequest_isReadAndForgotten() {
        String body = "x".repeat(1_000_000);
        assertStatus(
                "405 Method Not Allowed",
                ask("POST /ok HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + body));
    }

    @Test
    void headInPieces_isAnswered() throws IOException {
        try (AdminClient client = new AdminClient(listener.port())) {
            for (char each : "GET /ok HTTP/1.1\r\nHost: a\r\n\r\n".toCharArray()) {
                client.send(String.valueOf(each));
            }
            assertStatus("200 OK", client.readAll());
        }
    }

    @Test
    void clientThatHasClosedItsSide_isAnswered() throws IOException {
        try (AdminClient client = new AdminClient(listener.port())) {
            client.send("GET /ok HTTP/1.1\r\n\r\n");
            client.endOutput();
            assertStatus("200 OK", client.readAll());
        }
    }

    @Test
    void clientThatLeavesInTheMiddle_isForgotten() throws IOException {
        try (AdminClient client = new AdminClient(listener.port())) {
            client.send("GET /o");
            client.endOutput();
            assertEquals("", client.readAll());
        }
        assertStatus("200 OK", get("/ok"));
    }

    @Test
    void largeAnswer_isWrittenToItsEnd() {
        String response = get("/large");
        assertTrue(response.endsWith("\r\n\r\n" + LARGE + "\n"), () -> "" + response.length());
    }

    @Test
    void pageThatFails_is500AndTheNextIsAnswered() {
        assertStatus("500 Internal Server Error", get("/broken"));
        assertStatus("200 OK", get("/ok"));
    }

    @Test
    void clientsThatTrickleOrDoNotRead_holdNobodyUp() throws IOException {
        List<AdminClient> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                AdminClient client = new AdminClient(listener.port());
                client.send(i % 2 == 0 ? "G" : "GET /large HTTP/1.1\r\n\r\n");
                slow.add(client);
            }
            assertStatus("200 OK", get("/ok"));
        } finally {
            for (AdminClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void moreClientsThanItKeeps_costTheOldestTheirConnection() throws IOException {
        List<AdminClient> silent = new ArrayList<>();
        try {
            for (int i = 0; i < AdminListener.MAX_CONNECTIONS; i++) {
                silent.add(new AdminClient(listener.port()));
            }
            assertStatus("200 OK", get("/ok"));
            assertEquals("", silent.getFirst().readAll());
        } finally {
            for (AdminClient client : silent) {
                client.close();
            }
        }
    }

    @Test
    void clientsThatAreLate_areClosed() throws Exception {
        AdminListener impatient =
                AdminListener.open(
                        ListeningSockets.open(loopback(0), 1, false),
                        pages(),
                        Duration.ofMillis(300));
        try (AdminClient silent = new AdminClient(impatient.port());
                AdminClient slow = new AdminClient(impatient.port())) {
            slow.send("GET /ok");
            assertEquals("", silent.readAll());
            assertEquals("", slow.readAll());
        } finally {
            impatient.close();
        }
    }

    @Test
    void manyAtOnce_areAllAnswered() throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                asked.add(clients.submit(() -> get("/ok")));
            }
            for (Future<String> each : asked) {
                assertStatus("200 OK", each.get());
            }
        }
    }

    @Test
    void addressInUse_isAnErrorThatSaysSo() {
        BindException taken =
                assertThrows(
                        BindException.class,
                        () -> AdminListener.open(loopback(listener.port()), false, pages()));
        assertTrue(taken.toString().contains("in use"), taken.toString());
    }

    @Test
    void closed_givesItsPortBack() throws Exception {
        int port = listener.port();
        assertStatus("200 OK", get("/ok"));
        listener.close();
        assertThrows(ConnectException.class, () -> new AdminClient(port).close());
        listener = AdminListener.open(loopback(port), false, pages());
        assertStatus("200 OK", get("/ok"));
    }
}
