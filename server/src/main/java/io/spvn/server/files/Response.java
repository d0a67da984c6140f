package io.spvn.server.files;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What is said in the app's stead.
///
/// @param body pieces that are released by whoever says them; none for no body
record Response(int status, Headers headers, List<Payload> body) {
    Response {
        body = List.copyOf(body);
    }

    static Response of(int status, Fields fields) {
        return new Response(status, fields.headers(), List.of());
    }

    /// With a text for people.
    static Response ofText(int status, Fields fields, String text) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        fields.add("content-type", "text/plain; charset=utf-8")
                .add("content-length", Integer.toString(body.length));
        return new Response(status, fields.headers(), List.of(Payload.of(body)));
    }
}
