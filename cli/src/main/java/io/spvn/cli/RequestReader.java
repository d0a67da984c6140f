package io.spvn.cli;

import io.spvn.loadtest.attack.Request;
import io.spvn.loadtest.attack.Request.Field;
import java.util.List;

/// The request that is sent, built step by step so that a complaint names the option.
final class RequestReader {
    private final AttackCommand.RequestOptions given;

    RequestReader(AttackCommand.RequestOptions given) {
        this.given = given;
    }

    Request request() {
        String method = method();
        List<Field> fields = fields(method);
        String text = given.body;
        byte[] body = text == null ? new byte[0] : BodyText.bytes(text);
        return Resolve.checked("--body", () -> new Request(method, fields, body));
    }

    private String method() {
        String method = Resolve.or(given.method, given.body == null ? "GET" : "POST");
        return Resolve.checked("--method", () -> new Request(method, List.of(), new byte[0]))
                .method();
    }

    private List<Field> fields(String method) {
        return Resolve.checked(
                "--header",
                () -> {
                    List<Field> fields = given.header.stream().map(Field::of).toList();
                    return new Request(method, fields, new byte[0]).fields();
                });
    }
}
