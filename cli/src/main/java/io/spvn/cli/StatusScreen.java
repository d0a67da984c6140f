package io.spvn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where a status is shown again and again: in its place on a terminal, else one below the other.
/// On a terminal q ends it; the terminal is as it was when this is closed, also by a signal.
final class StatusScreen implements AutoCloseable {
    private static final String BEGIN = "\u001b[?1049h\u001b[?25l";
    private static final String END = "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String REST_OF_LINE = "\u001b[K";
    private static final String REST_OF_SCREEN = "\u001b[J";
    private static final Pattern SIZE = Pattern.compile("(?<rows>[0-9]+) (?<columns>[0-9]+)");
    private static final int ROWS = 24;
    private static final int COLUMNS = 80;

    private final Console console;
    private final @Nullable String modes; // of the terminal before; null without one
    private final CountDownLatch quit = new CountDownLatch(1);
    private final Thread restorer = new Thread(this::restore);
    private boolean first = true;

    private StatusScreen(Console console, @Nullable String modes) {
        this.console = console;
        this.modes = modes;
    }

    /// Begins.
    ///
    /// @param plain whether each is to stand below the one before, whatever there is
    static StatusScreen open(Console console, boolean plain) {
        boolean terminal = !plain && isTerminal(0) && isTerminal(1);
        StatusScreen screen = new StatusScreen(console, terminal ? stty("-g") : null);
        screen.begin();
        return screen;
    }

    private static boolean isTerminal(int descriptor) {
        try {
            Path file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
            return file.startsWith("/dev/pts") || file.toString().startsWith("/dev/tty");
        } catch (IOException unknown) {
            return false; // not on Linux: plain lines are right everywhere
        }
    }

    private void begin() {
        if (modes == null) {
            return;
        }
        Runtime.getRuntime().addShutdownHook(restorer);
        stty("-icanon", "-echo");
        print(BEGIN);
        Thread.ofPlatform().daemon().name("keys").start(this::awaitKey);
    }

    private void awaitKey() {
        InputStream keys = System.in;
        try {
            for (int key = keys.read(); key >= 0; key = keys.read()) {
                if (key == 'q' || key == 'Q') {
                    quit.countDown();
                    return;
                }
            }
        } catch (IOException gone) {
            quit.countDown();
        }
    }

    /// Shows several lines.
    void show(String text) {
        if (modes == null) {
            print(first || text.isEmpty() || text.lines().count() == 1 ? text : "\n" + text);
        } else {
            print(HOME + fitted(text) + REST_OF_SCREEN);
        }
        first = false;
        if (console.out().checkError()) {
            quit.countDown(); // nobody reads it any more
        }
    }

    private static String fitted(String text) {
        Matcher size = SIZE.matcher(String.valueOf(stty("size")));
        boolean known = size.find();
        int rows = known ? Integer.parseInt(size.group("rows")) : 0;
        int columns = known ? Integer.parseInt(size.group("columns")) : 0;
        return fitted(text, rows > 0 ? rows : ROWS, columns > 0 ? columns : COLUMNS);
    }

    private static String fitted(String text, int rows, int columns) {
        return text.lines()
                .limit(Math.max(1, rows - 1))
                .map(line -> line.length() > columns ? line.substring(0, columns) : line)
                .map(line -> line + REST_OF_LINE + "\r\n")
                .collect(Collectors.joining());
    }

    /// Waits until it is time to show the next.
    ///
    /// @return whether no more is wanted
    boolean quit(Duration wait) throws InterruptedException {
        return quit.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void print(String text) {
        console.out().print(text);
        console.out().flush();
    }

    private void restore() {
        if (modes != null) {
            print(END);
            stty(modes);
        }
    }

    @Override
    public void close() {
        restore();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(restorer);
        } catch (IllegalStateException ending) {
            return; // it runs already, and does no harm
        }
    }

    /// Asks or tells the terminal; null when there is nobody to do so.
    private static @Nullable String stty(String... arguments) {
        try {
            List<String> line = Stream.concat(Stream.of("stty"), Stream.of(arguments)).toList();
            Process process =
                    new ProcessBuilder(line).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said.strip() : null;
        } catch (IOException missing) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
