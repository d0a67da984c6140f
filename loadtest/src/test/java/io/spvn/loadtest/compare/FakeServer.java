package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A server for tests, as a process of its own.
final class FakeServer {
    private FakeServer() {}

    /// What it is to do wrong, and its port.
    public static void main(String[] arguments) throws IOException {
        String flaw = arguments[0];
        if (flaw.equals("ends")) {
            System.err.println("starting");
            System.err.println("no module named 'nonsense'");
            System.exit(3);
        }
        serve(flaw, Integer.parseInt(arguments[1]));
    }

    private static void serve(String flaw, int port) throws IOException {
        AtomicInteger posts = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(port, 1000, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> converse(client, flaw, posts));
            }
        }
    }

    private static void converse(Socket client, String flaw, AtomicInteger posts) {
        String body = flaw.equals("wrong") ? "Goodbye!" : "Hello, world!";
        String status = flaw.equals("refuses") ? "503 Too much" : "200 OK";
        String response =
                "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(status, body.length(), body);
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream())) {
            for (String line = request(in); !line.isEmpty(); line = request(in)) {
                boolean post = line.startsWith("POST");
                if (post && flaw.equals("fragile") && posts.incrementAndGet() > 1) {
                    System.err.println("out of luck");
                    Runtime.getRuntime().halt(4);
                }
                client.getOutputStream().write(response.getBytes(US_ASCII));
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    /// The request line, empty at the end of the connection.
    private static String request(InputStream in) throws IOException {
        String first = line(in);
        int length = 0;
        for (String line = first; !line.isEmpty(); line = line(in)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
        return first;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /// A peer that runs it.
    static Peer peer(String name, String flaw) {
        return new Peer(name, "granian", launch -> command(flaw, launch.port()), null);
    }

    static List<String> command(String flaw, String port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeServer.class.getName(),
                flaw,
                port);
    }

    /// A scenario whose request it answers.
    static Function<byte[], List<Scenario>> scenarios(String... names) {
        return document -> Scenarios.named(List.of(names), document);
    }
}
