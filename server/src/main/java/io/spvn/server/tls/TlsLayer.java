package io.spvn.server.tls;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Opening;
import io.spvn.server.connection.Protocol;
import io.spvn.server.watch.FileWatch;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The certificates that the server shows, and the connections that are encrypted with them.
///
/// They are read with the rights that the server was started with, and again when their files
/// change or somebody asks for it: by the thread of the watch or any other, one at a time. Where
/// they cannot be used, those from before go on. Connections that are open are not touched.
public final class TlsLayer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TlsLayer.class.getName());

    /// Who writes a certificate and its key one after the other is done with both in this time.
    private static final int TRIES = 5;

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final TlsSettings settings;
    private final CertificateLoader loader;
    private final ShownKeys keys = new ShownKeys();
    private final TrustedClients clients = new TrustedClients();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile List<Path> files = List.of();
    private @Nullable FileWatch watch; // null until they have been read, and where nothing is

    public TlsLayer(TlsSettings settings) {
        this.settings = settings;
        this.loader = new CertificateLoader(settings);
    }

    /// When a certificate expires.
    ///
    /// @param name that it is for
    public record Expiry(String name, String file, Instant at) {}

    /// Reads the certificates for the first time.
    ///
    /// @throws TlsFailure when they cannot be used
    public void load() {
        if (settings.selfSigned()) {
            keys.show(new Certificates(List.of(SelfSigned.make(Instant.now()))));
            clients.trust(loader.authorities());
            LOG.log(
                    System.Logger.Level.WARNING,
                    "--ssl-self-signed: a certificate for localhost that nobody trusts, for"
                            + " development only");
            return;
        }
        files = loader.files();
        watch = watchOf();
        read();
        tellDoubts();
    }

    private @Nullable FileWatch watchOf() {
        try {
            return new FileWatch("certificates", this::currentFiles, () -> reload("changed"));
        } catch (IOException unwatched) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "certificates are not read anew when their files change, only at SIGHUP: "
                            + unwatched.getMessage());
            return null;
        }
    }

    private List<Path> currentFiles() {
        try {
            files = loader.files();
        } catch (TlsFailure unreadable) {
            LOG.log(System.Logger.Level.DEBUG, unreadable.getMessage());
        }
        return files;
    }

    /// Files and folders that are read.
    public List<Path> files() {
        return files;
    }

    /// From now on they are read anew when their files change.
    public void watch() {
        FileWatch made = watch;
        if (made != null) {
            made.start();
        }
    }

    /// Reads them anew; says in the log how that went.
    ///
    /// @param why for the log
    public void reload(String why) {
        if (settings.selfSigned()) {
            return;
        }
        reading.lock();
        try {
            readPatiently();
            LOG.log(System.Logger.Level.INFO, "certificates " + why + ", read anew: " + shown());
            tellDoubts();
        } catch (TlsFailure failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "certificates "
                            + why
                            + " and cannot be used, those from before go on: "
                            + failure.getMessage());
        } finally {
            reading.unlock();
        }
    }

    private void readPatiently() {
        for (int left = TRIES; ; left--) {
            try {
                read();
                return;
            } catch (TlsFailure failure) {
                if (left == 0 || !slept()) {
                    throw failure;
                }
            }
        }
    }

    /// @return false when this thread is to end
    private static boolean slept() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void read() {
        List<X509Certificate> authorities = loader.authorities();
        Certificates next = new Certificates(loader.certificates());
        clients.trust(authorities);
        keys.show(next);
    }

    private String shown() {
        return String.join(
                ", ",
                expiries().stream()
                        .map(each -> each.name() + " until " + Doubts.day(each.at()))
                        .toList());
    }

    private void tellDoubts() {
        for (ServerCertificate each : keys.shown().all()) {
            for (String doubt : Doubts.of(each, Instant.now())) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "%s: %s, so clients will refuse it; exchange it, the server reads it anew"
                                .formatted(each.file(), doubt));
            }
        }
    }

    /// Of those that are shown now. Any thread.
    public List<Expiry> expiries() {
        return keys.shown().all().stream()
                .map(each -> new Expiry(name(each), each.file().toString(), each.expires()))
                .toList();
    }

    private static String name(ServerCertificate certificate) {
        return certificate.names().isEmpty()
                ? certificate.own().getSubjectX500Principal().getName("RFC2253")
                : certificate.names().getFirst();
    }

    /// How connections begin that are encrypted.
    ///
    /// @param protocols by the names that ALPN has for them, the best first
    /// @param otherwise what is spoken without ALPN
    /// @param carriers how many threads carry the virtual ones
    public Opening.Kind opening(
            Ledger ledger,
            HandshakeListener listener,
            Map<String, Protocol> protocols,
            Protocol otherwise,
            IntSupplier carriers) {
        EngineFactory engines =
                new EngineFactory(settings, keys, clients, List.copyOf(protocols.keySet()));
        HandshakeWork work = new HandshakeWork(carriers);
        Handshakes shared = new Handshakes(engines, keys, work, listener, protocols, otherwise);
        RecordBuffers buffers = new RecordBuffers();
        return plain -> {
            TlsSocket socket = new TlsSocket(plain, ledger, buffers);
            return new Opening(socket, begun -> new TlsHandshake(begun, socket, shared));
        };
    }

    @Override
    public void close() {
        FileWatch made = watch;
        if (made != null) {
            made.close();
        }
    }
}
