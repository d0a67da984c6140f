package io.spvn.server.tls;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The certificates that are shown at one time, by the names they are for. Never changes.
///
/// There may be several for a name: of a client that cannot verify one kind of key, another may be
/// asked for.
final class Certificates {
    static final Certificates NONE = new Certificates(List.of());

    private final List<ServerCertificate> all;
    private final Map<String, List<ServerCertificate>> byName = new HashMap<>();
    private final List<ServerCertificate> unnamed;

    /// @param all the first is for clients that ask for no name that there is
    Certificates(List<ServerCertificate> all) {
        this.all = List.copyOf(all);
        for (ServerCertificate each : all) {
            for (String name : each.names()) {
                byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(each);
            }
        }
        this.unnamed =
                all.stream().filter(each -> each.names().equals(all.getFirst().names())).toList();
    }

    List<ServerCertificate> all() {
        return all;
    }

    /// Its place among all of them, -1 when there is none.
    ///
    /// @param name of the host that the client wants, null when it has not said
    /// @param keyType that the client can verify
    int find(@Nullable String name, String keyType) {
        for (ServerCertificate each : of(name)) {
            if (each.keyType().equals(keyType)) {
                return all.indexOf(each);
            }
        }
        return -1;
    }

    private List<ServerCertificate> of(@Nullable String name) {
        if (name == null) {
            return unnamed;
        }
        String host = name.toLowerCase(Locale.ROOT);
        List<ServerCertificate> found = byName.get(host);
        int dot = host.indexOf('.');
        if (found == null && dot > 0) {
            found = byName.get("*" + host.substring(dot));
        }
        return found == null ? unnamed : found;
    }

    /// One of them, or any other, in PEM.
    String pem(X509Certificate certificate) {
        for (ServerCertificate each : all) {
            if (each.own().equals(certificate)) {
                return each.pem();
            }
        }
        return ServerCertificate.pem(certificate);
    }
}
