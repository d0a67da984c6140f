package io.spvn.server.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Tells the manager that has started the server of its life (sd_notify(3)):
///
///     serves              READY=1
///     SIGHUP              RELOADING=1, and READY=1 once all is read and replaced
///     stops               STOPPING=1
///     is well             WATCHDOG=1, twice in the time after which the manager would end it
///
/// each with a word for who looks (STATUS=). One that cannot be reached is not: the server does not
/// depend on it. For any thread; nothing blocks. Without a manager nothing happens.
public final class ServiceNotices {
    private static final System.Logger LOG = System.getLogger(ServiceNotices.class.getName());

    // Of Linux.
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int MOST_PATH = 107;

    /// Nobody wants to know.
    public static final ServiceNotices NONE = new ServiceNotices(ServiceManager.NONE, () -> true);

    private final byte @Nullable [] address; // null where nobody wants to know
    private final long every;
    private final BooleanSupplier well;
    private volatile String status = "";
    private long next; // the ticking thread's

    /// @param well whether connections are accepted
    public ServiceNotices(ServiceManager manager, BooleanSupplier well) {
        this.address = address(manager.notices());
        Duration watchdog = manager.watchdog();
        this.every = watchdog == null ? 0 : Math.max(1, watchdog.toNanos() / 2);
        this.well = well;
        this.next = System.nanoTime();
    }

    /// Whether there is somebody to tell.
    public boolean wanted() {
        return address != null;
    }

    /// The server serves.
    ///
    /// @param said a line that says so
    public void ready(String said) {
        status = said;
        reloaded();
    }

    /// All is read anew, and replaced.
    public void reloaded() {
        send("READY=1\nSTATUS=" + status);
    }

    /// The server reads its files anew, and replaces its workers; [#reloaded] says when that is
    /// done.
    public void reloading() {
        send(
                "RELOADING=1\nMONOTONIC_USEC="
                        + (address == null ? 0 : Libc.microseconds(CLOCK_MONOTONIC))
                        + "\nSTATUS=Reloading");
    }

    /// The server stops.
    public void stopping() {
        send("STOPPING=1\nSTATUS=Stopping");
    }

    /// To be called from time to time, by one thread: the less a manager hears, the sooner it ends
    /// the server.
    public void tick() {
        if (every == 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - next >= 0 && well.getAsBoolean()) {
            next = now + every;
            send("WATCHDOG=1");
        }
    }

    private void send(String notice) {
        if (address == null) {
            return;
        }
        int socket = Libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC);
        if (socket < 0) {
            return;
        }
        byte[] datagram = notice.getBytes(StandardCharsets.UTF_8);
        if (!Libc.send(socket, datagram, MSG_DONTWAIT_NOSIGNAL, address)) {
            LOG.log(System.Logger.Level.DEBUG, "the service manager was not told: " + notice);
        }
        Libc.close(socket);
    }

    /// A `sockaddr_un`: a path, or a name after an `@`.
    private static byte @Nullable [] address(@Nullable String text) {
        if (text == null || !System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        byte[] path = text.getBytes(StandardCharsets.UTF_8);
        boolean isName = text.startsWith("@");
        if (path.length < 2 || path.length > MOST_PATH || !(isName || text.startsWith("/"))) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "NOTIFY_SOCKET: '"
                            + text
                            + "' is neither a path nor a name after @; nobody is told");
            return null;
        }
        if (isName) {
            path[0] = 0;
        }
        ByteBuffer address = ByteBuffer.allocate(2 + path.length + (isName ? 0 : 1));
        return address.order(ByteOrder.nativeOrder()).putShort((short) AF_UNIX).put(path).array();
    }
}
