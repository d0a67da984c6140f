package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.spvn.bridge.worker.Settings;
import io.spvn.bridge.worker.WorkerFailure;
import java.io.IOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// With a real Python, whose children do what `standin/sitecustomize.py` says.
class ForkServerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Path STAND_IN = Path.of("src/test/python/standin").toAbsolutePath();

    private static final Path APPS = Path.of("src/test/python/apps").toAbsolutePath();

    @TempDir Path directory;

    private final List<ForkServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(ForkServer::close);
    }

    private ForkServer server() {
        return server(ForkServerTest::standIn, true);
    }

    private static void standIn(Map<String, String> environment) {
        environment.put("PYTHONPATH", STAND_IN.toString());
    }

    private ForkServer server(Consumer<Map<String, String>> environment, boolean side) {
        String executable = System.getProperty("spvn.python.executable");
        assumeTrue(executable != null, "no Python: set spvn.python.executable");
        return server(Path.of(executable), environment, side);
    }

    private ForkServer server(
            Path executable, Consumer<Map<String, String>> environment, boolean side) {
        ForkServer server =
                new ForkServer(Settings.ofPython(executable), side, directory, environment);
        servers.add(server);
        return server;
    }

    private static void tell(Child child, String line) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
        assertEquals(octets.remaining(), child.down().write(octets));
    }

    private static String ask(Child child, String line) throws IOException {
        tell(child, line);
        String answer = new Lines(child.up(), 4096, 65_536).next();
        assertNotNull(answer, "no answer");
        return answer;
    }

    private static ProcessHandle parentOf(Child child) {
        return ProcessHandle.of(child.pid()).orElseThrow().parent().orElseThrow();
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
        var _ = process.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aChild_hearsAndAnswers() throws Exception {
        try (Child child = server().start(0)) {
            assertEquals("true", ask(child, "side"));
            assertTrue(ProcessHandle.of(child.pid()).orElseThrow().isAlive());
            assertNotNull(child.side());
            assertFalse(child.down().isBlocking());
            assertTrue(child.up().isBlocking());
        }
    }

    @Test
    void children_areOfOneProcess() throws Exception {
        ForkServer server = server();
        try (Child first = server.start(0);
                Child second = server.start(1)) {
            assertEquals(parentOf(first), parentOf(second));
            assertTrue(first.pid() != second.pid());
        }
    }

    @Test
    void withoutSide_thereIsNone() throws Exception {
        try (Child child = server(ForkServerTest::standIn, false).start(0)) {
            assertEquals("false", ask(child, "side"));
            assertNull(child.side());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exit 3, exit code 3",
        "exit 0, exit code 0",
        "ends, exit code 0",
        "kill 11, signal 11 (SIGSEGV)",
        "kill 15, signal 15 (SIGTERM)",
        "kill 40, signal 40",
        "raises, exit code 1"
    })
    void itsEnd_isToldInWords(String order, String words) throws Exception {
        try (Child child = server().start(0)) {
            assertNull(child.awaitEnd(Duration.ZERO));
            tell(child, order);
            assertEquals(words, child.awaitEnd(LONG));
            assertEquals(words, child.awaitEnd(Duration.ZERO));
        }
    }

    @Test
    void kill_endsIt() throws Exception {
        try (Child child = server().start(0)) {
            child.kill();
            assertEquals("signal 9 (SIGKILL)", child.awaitEnd(LONG));
            child.kill();
        }
    }

    @Test
    void aStoppedChild_canBeKilled() throws Exception {
        try (Child child = server().start(0)) {
            tell(child, "kill 19");
            child.kill();
            assertEquals("signal 9 (SIGKILL)", child.awaitEnd(LONG));
        }
    }

    @Test
    void close_isHeardByTheChild() throws Exception {
        Child child = server().start(0);
        child.close();
        assertEquals("exit code 0", child.awaitEnd(LONG));
    }

    @Test
    void childrenGoOn_whenTheServerIsClosed() throws Exception {
        ForkServer server = server();
        try (Child child = server.start(0)) {
            ProcessHandle parent = parentOf(child);
            server.close();
            assertEquals("true", ask(child, "side"));
            assertThrows(WorkerFailure.class, () -> server.start(1));
            tell(child, "exit 4");
            assertEquals("exit code 4", child.awaitEnd(LONG));
            awaitEnd(parent);
        }
        assertEquals(List.of(), list(directory));
    }

    @Test
    void aServerThatWasKilled_leavesItsChildren_andIsStartedAgain() throws Exception {
        ForkServer server = server();
        try (Child first = server.start(0)) {
            ProcessHandle killed = parentOf(first);
            assertTrue(killed.destroyForcibly());
            awaitEnd(killed);
            assertEquals("true", ask(first, "side"));
            try (Child second = server.start(1)) {
                assertEquals("true", ask(second, "side"));
            }
            first.kill();
            assertEquals("an end that nobody saw", first.awaitEnd(LONG));
        }
    }

    @Test
    void renew_startsTheNextChildFromAnother() throws Exception {
        ForkServer server = server();
        try (Child first = server.start(0)) {
            server.renew();
            try (Child second = server.start(1)) {
                assertTrue(!parentOf(first).equals(parentOf(second)));
                ProcessHandle old = parentOf(first);
                tell(first, "exit 0");
                assertEquals("exit code 0", first.awaitEnd(LONG));
                awaitEnd(old);
                assertEquals("false", ask(second, "app"));
            }
        }
    }

    @Test
    void close_doesNotWaitForAnImport() throws Exception {
        ForkServer server = preloading("never_imported:app");
        FutureTask<Child> starts = new FutureTask<>(() -> server.start(0));
        Thread thread = Thread.ofVirtual().start(starts);
        server.close();
        assertTrue(thread.join(LONG));
        assertThrows(ExecutionException.class, starts::get);
    }

    @Test
    void theAppsDirectory_isNotTheWorkingOne() throws Exception {
        try (Child child = server().start(0)) {
            String state = ask(child, "state");
            assertTrue(state.startsWith("{\"path\": [\"/"), state);
            assertTrue(state.contains("\"argv\": [\"\"]"), state);
            assertTrue(state.contains("\"mask\": []"), state);
        }
    }

    @Test
    void theAppSeesTheCallersEnvironment() throws Exception {
        Consumer<Map<String, String>> lent =
                environment -> {
                    standIn(environment);
                    environment.remove("LC_ALL");
                    environment.put("MINE", "caller's");
                };
        try (Child child = server(lent, true).start(0)) {
            assertEquals("\"caller's\"", ask(child, "variable MINE"));
            assertEquals("null", ask(child, "variable LC_ALL"));
            assertEquals("null", ask(child, "variable PYTHONHOME"));
        }
    }

    @Test
    void whoHasNoToken_isClosed() throws Exception {
        ForkServer server = server();
        try (Child child = server.start(0)) {
            Path socket = list(directory).getFirst().resolve("s");
            for (String hello :
                    List.of("spvn 1 00 down\n", "GET / HTTP/1.1\n", "x".repeat(100), "\n")) {
                try (SocketChannel stranger =
                        SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                    int _ = stranger.write(ByteBuffer.wrap(hello.getBytes(UTF_8)));
                    assertEnds(stranger);
                }
            }
            assertEquals("true", ask(child, "side"));
        }
    }

    private static void assertEnds(SocketChannel stranger) {
        try {
            assertEquals(-1, stranger.read(ByteBuffer.allocate(1)));
        } catch (IOException reset) {
            assertTrue(reset instanceof SocketException, reset::toString); // not all was read
        }
    }

    @Test
    void theSocket_isOpenToItsUserAlone() throws Exception {
        try (Child _ = server().start(0)) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(list(directory).getFirst())));
        }
    }

    @Test
    void aDirectoryThatWillNotDo_isNotInTheWay() throws Exception {
        directory = directory.resolve("long".repeat(30));
        Files.createDirectory(directory);
        try (Child child = server().start(0)) {
            assertEquals("true", ask(child, "side"));
            assertEquals(List.of(), list(directory));
        }
    }

    @Test
    void aPythonThatIsNotThere_isAFailure() {
        ForkServer server = server(Path.of("/no/python"), ForkServerTest::standIn, false);
        WorkerFailure failure = assertThrows(WorkerFailure.class, () -> server.start(0));
        assertEquals("cannot start /no/python: No such file or directory", failure.getMessage());
        assertFalse(failure.appAtFault());
    }

    @Test
    void aPythonThatEnds_isAFailure() {
        ForkServer server = server(Path.of("/bin/false"), ForkServerTest::standIn, false);
        WorkerFailure failure = assertThrows(WorkerFailure.class, () -> server.start(0));
        assertEquals(
                "the Python process that workers are started from has ended at its start:"
                        + " exit code 1",
                failure.getMessage());
    }

    @Test
    void aChildThatEndsBeforeItHasConnected_isAFailure() {
        ForkServer server =
                server(
                        environment -> {
                            standIn(environment);
                            environment.put("STANDIN_FORKED", "7");
                        },
                        false);
        WorkerFailure failure = assertThrows(WorkerFailure.class, () -> server.start(2));
        assertEquals("the process of worker 2 did not start: exit code 7", failure.getMessage());
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private ForkServer preloading(String target) {
        String executable = System.getProperty("spvn.python.executable");
        assumeTrue(executable != null, "no Python: set spvn.python.executable");
        ForkServer server =
                new ForkServer(
                        Settings.preloading(Path.of(executable), APPS, target),
                        false,
                        directory,
                        ForkServerTest::standIn);
        servers.add(server);
        return server;
    }

    @Test
    void preload_importsTheAppBeforeTheFork() throws Exception {
        ForkServer server = preloading("plain:app");
        try (Child first = server.start(0);
                Child second = server.start(1)) {
            assertEquals("true", ask(first, "app"));
            assertEquals("true", ask(second, "app"));
        }
    }

    @Test
    void withoutPreload_thereIsNoApp() throws Exception {
        try (Child child = server().start(0)) {
            assertEquals("false", ask(child, "app"));
        }
    }

    @Test
    void preload_ofABrokenApp_isTheAppsFault() {
        ForkServer server = preloading("raises:app");
        WorkerFailure failure = assertThrows(WorkerFailure.class, () -> server.start(0));
        assertTrue(failure.appAtFault());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("cannot import 'raises': "), message);
        assertTrue(failure.traceback().contains("apps/raises.py"), failure::traceback);
        assertFalse(failure.traceback().contains("spvn_bridge"), failure::traceback);
        assertThrows(WorkerFailure.class, () -> server.start(0));
    }
}
