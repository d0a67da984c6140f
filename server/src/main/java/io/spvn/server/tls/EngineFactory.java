package io.spvn.server.tls;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/// Makes the engine of each connection; they share keys and sessions. For any thread.
///
/// Sessions are resumed by tickets, which clients keep; of clients without them a bounded number is
/// kept here.
final class EngineFactory {
    private static final int KEPT_SESSIONS = 4096;

    /// Who resumes a session has no fresh keys until then.
    private static final int SESSION_SECONDS = 2 * 60 * 60;

    private final SSLContext context;
    private final SSLParameters parameters;

    static {
        // A client could make the server work for nothing (CVE-2011-1473). Read once, by Java.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /// @param protocols of the application, by the names that ALPN has for them
    EngineFactory(
            TlsSettings settings, ShownKeys keys, TrustedClients clients, List<String> protocols) {
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, new TrustManager[] {clients}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
        SSLSessionContext sessions = context.getServerSessionContext();
        sessions.setSessionCacheSize(KEPT_SESSIONS);
        sessions.setSessionTimeout(SESSION_SECONDS);
        parameters = parameters(settings, protocols);
    }

    private static SSLParameters parameters(TlsSettings settings, List<String> protocols) {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(
                List.of(TlsVersion.values()).stream()
                        .filter(version -> version.compareTo(settings.minVersion()) >= 0)
                        .map(TlsVersion::protocol)
                        .toArray(String[]::new));
        parameters.setCipherSuites(
                settings.ciphers().stream().map(Enum::name).toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setNamedGroups(
                settings.groups().stream().map(Group::javaName).toArray(String[]::new));
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        switch (settings.clientAuth()) {
            case NONE -> parameters.setWantClientAuth(false);
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
