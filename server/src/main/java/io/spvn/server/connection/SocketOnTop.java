package io.spvn.server.connection;

/// A socket that is spoken on top of another: what it does not do in its own way the other does.
public abstract class SocketOnTop implements Socket {
    protected final Socket raw;

    protected SocketOnTop(Socket raw) {
        this.raw = raw;
    }

    @Override
    public final long acknowledged() {
        return raw.acknowledged();
    }

    @Override
    public long unacknowledged() {
        return raw.unacknowledged();
    }

    @Override
    public boolean isClientKnown() {
        return raw.isClientKnown();
    }

    @Override
    public final boolean hasUnread() {
        return raw.hasUnread();
    }

    @Override
    public final boolean hasReset() {
        return raw.hasReset();
    }

    @Override
    public final void close() {
        raw.close();
    }

    @Override
    public final void abort() {
        raw.abort();
    }
}
