package io.spvn.server.tls;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLProtocolException;

/// Why a handshake failed, in one of a few words that can be counted under: the name of the alert
/// that was sent, or `client_` and that of the client's.
final class FailureReason {
    private static final Pattern ALERT =
            Pattern.compile("^\\(([a-z_]+)\\)|Received fatal alert: ([a-z_]+)");

    /// Of RFC 8446 section 6; a client may name others.
    private static final Set<String> ALERTS =
            Set.of(
                    "access_denied",
                    "bad_certificate",
                    "bad_record_mac",
                    "certificate_expired",
                    "certificate_required",
                    "certificate_revoked",
                    "certificate_unknown",
                    "decode_error",
                    "decrypt_error",
                    "handshake_failure",
                    "illegal_parameter",
                    "insufficient_security",
                    "internal_error",
                    "missing_extension",
                    "no_application_protocol",
                    "protocol_version",
                    "record_overflow",
                    "unexpected_message",
                    "unknown_ca",
                    "unrecognized_name",
                    "unsupported_certificate",
                    "unsupported_extension",
                    "user_canceled");

    private FailureReason() {}

    static String of(SSLException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher found = ALERT.matcher(message);
        if (!found.find()) {
            return isOfRecord(failure, message) ? "unexpected_message" : "other";
        }
        boolean ofClient = message.contains("Received fatal alert");
        String alert = found.group(1) == null ? found.group(2) : found.group(1);
        if (!ALERTS.contains(alert)) {
            return "other";
        }
        return ofClient ? "client_" + alert : alert;
    }

    /// Java names no alert for a record that is none, and sends this one.
    private static boolean isOfRecord(SSLException failure, String message) {
        return failure instanceof SSLProtocolException
                || message.contains("Unsupported or unrecognized SSL message");
    }
}
