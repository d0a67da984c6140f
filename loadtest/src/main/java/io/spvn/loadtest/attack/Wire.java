package io.spvn.loadtest.attack;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.util.Arrays;

/// What all connections of an attack share. Used by the event loop alone.
final class Wire {
    private static final int READ_SIZE = 128 * 1024;

    private final Selector selector;
    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final boolean head;
    private final boolean once;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_SIZE);
    private final Measurements measurements;

    Wire(Selector selector, Plan plan, Measurements measurements) {
        this.selector = selector;
        this.address = plan.target().address();
        this.request = direct(plan.request().bytes(plan.target()));
        this.head = plan.request().method().equals("HEAD");
        this.once = asksForClose(plan.request());
        this.measurements = measurements;
    }

    private static boolean asksForClose(Request request) {
        return request.fields().stream()
                .filter(field -> field.name().equalsIgnoreCase("connection"))
                .flatMap(field -> Arrays.stream(field.value().split(",", -1)))
                .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }

    Selector selector() {
        return selector;
    }

    InetSocketAddress address() {
        return address;
    }

    /// The same bytes, with a position of their own.
    ByteBuffer request() {
        return request.duplicate();
    }

    /// Whether responses have no body.
    boolean head() {
        return head;
    }

    /// Whether the request says that its connection ends with it: no other may follow, whatever the
    /// response says (RFC 9112, 9.6).
    boolean once() {
        return once;
    }

    /// One for all: what is read is looked at before the next read.
    ByteBuffer readBuffer() {
        return readBuffer;
    }

    void bytesSent(int count) {
        measurements.bytesSent(count);
    }

    void bytesReceived(int count) {
        measurements.bytesReceived(count);
    }
}
