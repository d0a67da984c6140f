package io.spvn.image;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Clients that begin to upload a megabyte each and then send a byte now and then. The server may
/// end some of them, for want of memory.
final class SlowUploads implements AutoCloseable {
    private static final int SIZE = 1_000_000;
    private static final byte[] BEGINNING = new byte[16_000];
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final InetSocketAddress server;

    SlowUploads(Spvn spvn, int count) {
        server = new InetSocketAddress(spvn.getHost(), spvn.port());
        List<Runnable> uploads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uploads.add(this::upload);
        }
        uploads.forEach(clients::execute);
    }

    private void upload() {
        boolean counted = false;
        try (Socket socket = new Socket()) {
            socket.connect(server, 60_000);
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST /upload HTTP/1.1\r\nhost: test\r\ncontent-length: " + SIZE + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(BEGINNING);
            begun.incrementAndGet();
            open.incrementAndGet();
            counted = true;
            while (!closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                out.write(0);
            }
        } catch (IOException e) {
            if (!counted) {
                begun.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (counted) {
            open.decrementAndGet();
        }
    }

    /// How many have sent their beginning, or were refused.
    int begun() {
        return begun.get();
    }

    /// How many of those the server has not ended.
    int open() {
        return open.get();
    }

    @Override
    public void close() {
        closed.countDown();
        clients.close();
    }
}
