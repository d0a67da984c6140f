package io.spvn.bridge.process;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Waits until connections that were full have room again. Only what is large fills one, so one
/// platform thread waits for those of all children.
final class Room implements Closeable {
    private record Wait(SocketChannel channel, Runnable goOn) {}

    private final Queue<Wait> waits = new ConcurrentLinkedQueue<>();
    private final Selector selector;

    Room() {
        try {
            selector = Selector.open();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofPlatform().daemon().name("worker-room").start(this::run);
    }

    /// Has `goOn` called once when there is room, or when the channel is closed; it must not block.
    /// For any thread.
    void await(SocketChannel channel, Runnable goOn) {
        waits.add(new Wait(channel, goOn));
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void run() {
        while (selector.isOpen()) {
            try {
                register();
                selector.select(
                        key -> {
                            Runnable goOn = (Runnable) key.attachment();
                            key.cancel();
                            goOn.run();
                        });
                selector.selectNow(_ -> {}); // so that a cancelled key can be registered again
            } catch (IOException | RuntimeException failure) {
                if (selector.isOpen()) {
                    System.getLogger(Room.class.getName())
                            .log(System.Logger.Level.ERROR, "waiting for room failed", failure);
                }
            }
        }
    }

    private void register() {
        for (Wait wait = waits.poll(); wait != null; wait = waits.poll()) {
            try {
                wait.channel.register(selector, SelectionKey.OP_WRITE, wait.goOn);
            } catch (ClosedChannelException over) {
                wait.goOn.run();
            }
        }
    }
}
