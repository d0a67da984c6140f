package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
final class SignalsTest {
    @AfterEach
    void giveBack() {
        for (String name : List.of("INT", "TERM", Signals.HANGUP)) {
            sun.misc.Signal.handle(new sun.misc.Signal(name), sun.misc.SignalHandler.SIG_DFL);
        }
    }

    @Test
    void handle_tellsTheName_andTheLastHandlerCounts() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Signals.handle(name -> heard.add("first " + name));
        Signals.handle(name -> heard.add("second " + name));
        sun.misc.Signal.raise(new sun.misc.Signal("TERM"));
        assertEquals("second TERM", heard.poll(5, TimeUnit.SECONDS));
    }
}
