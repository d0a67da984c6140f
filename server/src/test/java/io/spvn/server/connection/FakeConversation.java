package io.spvn.server.connection;

import io.spvn.bridge.exchange.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Notes what it is told.
final class FakeConversation implements Conversation {
    final List<Due> late = new ArrayList<>();
    final CountDownLatch wasCut = new CountDownLatch(1);
    Runnable onRun = () -> {};
    int breaks;
    int ticks;
    long unwritten;
    volatile boolean inHand;

    @Override
    public @Nullable Conversation run() {
        onRun.run();
        return null;
    }

    @Override
    public void tick(long now) {
        ticks++;
    }

    @Override
    public void late(Due due) {
        late.add(due);
    }

    @Override
    public boolean cut(Rejected reason) {
        wasCut.countDown();
        return inHand;
    }

    @Override
    public void broken() {
        breaks++;
    }

    @Override
    public long unwritten() {
        return unwritten;
    }

    @Override
    public String inHand() {
        return "";
    }

    @Override
    public void close() {}
}
