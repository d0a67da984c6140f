package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.exchange.Transport;
import io.spvn.bridge.worker.Requests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectSinkTest {
    private final List<String> calls = new ArrayList<>();
    private final DirectSink sink = new DirectSink(new Patient());

    private final class Patient implements ResponseSink {
        @Override
        public void ready(Exchange exchange) {
            calls.add("patient " + exchange.createdAt());
        }

        @Override
        public void flush() {
            calls.add("flush");
        }

        @Override
        public void tick() {
            calls.add("tick");
        }

        @Override
        public void close() {
            calls.add("close");
        }
    }

    private record Client(List<String> calls, boolean reads) implements Transport {
        @Override
        public void write(Exchange exchange) {
            throw new AssertionError("it may wait");
        }

        @Override
        public boolean writeAtOnce(Exchange exchange) {
            calls.add(reads ? "written" : "not written");
            return reads;
        }
    }

    private Exchange of(boolean reads) {
        return Requests.request(new Client(calls, reads));
    }

    @Test
    void nothingIsWritten_beforeAllIsReady() {
        sink.ready(of(true));
        sink.ready(of(true));
        assertEquals(List.of(), calls);
        sink.flush();
        assertEquals(List.of("written", "written"), calls);
        sink.flush();
        assertEquals(2, calls.size(), "each once");
    }

    @Test
    void whoWouldHaveToWait_isLeftToThePatientOne_andHoldsUpNobody() {
        sink.ready(of(false));
        sink.ready(of(true));
        sink.ready(of(false));
        sink.flush();
        assertEquals(
                List.of("not written", "patient 0", "written", "not written", "patient 0", "flush"),
                calls);
    }

    @Test
    void close_writesWhatIsReady_andLeavesThePatientOneOpen() {
        sink.ready(of(true));
        sink.close();
        sink.tick();
        assertEquals(List.of("written"), calls);
    }
}
