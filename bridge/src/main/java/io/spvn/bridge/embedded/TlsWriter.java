package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.Tls;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Values;
import java.util.LinkedHashMap;
import java.util.Map;

/// Makes the `tls` extension of a scope. Worker thread only.
///
/// An app may change what it gets, so each request has a dict of its own; the certificate of the
/// server is the same `str` for as long as the server shows it.
final class TlsWriter {
    private String shown = "";
    private long certificate; // a reference while one is shown, else 0

    /// A new reference.
    long dict(Tls tls) {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("client_cert_chain", tls.clientChain());
        entries.put("tls_version", (long) tls.version());
        entries.put("cipher_suite", (long) tls.cipherSuite());
        long dict = Values.of(entries);
        try {
            put(dict, "server_cert", certificate(tls.serverCert()));
            String name = tls.clientName();
            put(dict, "client_cert_name", name == null ? Values.none() : Values.str(name));
            put(dict, "client_cert_error", Values.none());
            return dict;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(dict);
            throw failure;
        }
    }

    private static void put(long dict, String key, long value) {
        long name = Names.intern(key);
        try {
            Values.put(dict, name, value);
        } finally {
            CPython.decRef(name);
        }
    }

    private long certificate(String pem) {
        if (certificate == 0 || !shown.equals(pem)) {
            long next = Values.str(pem);
            if (certificate != 0) {
                CPython.decRef(certificate);
            }
            certificate = next;
            shown = pem;
        }
        CPython.incRef(certificate);
        return certificate;
    }
}
