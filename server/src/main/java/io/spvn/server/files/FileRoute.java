package io.spvn.server.files;

import io.spvn.bridge.asgi.Scope;
import io.spvn.server.http.AcceptEncoding;
import io.spvn.server.http.Methods;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A route and the folder below it. For any thread; blocks for the file system.
///
/// @param path that a request has to begin with
/// @param open whether what is no file below it is the app's
record FileRoute(List<String> path, Folder folder, boolean open, FileResponse responses) {
    static FileRoute of(
            StaticSettings.Mount mount,
            StaticSettings settings,
            RecentFiles recents,
            FileResponse responses) {
        List<String> path = mount.path();
        Folder folder =
                new Folder(mount.directory(), settings.index(), settings.symlinks(), recents);
        return new FileRoute(path, folder, path.isEmpty(), responses);
    }

    /// How long its path is; the longest counts.
    int depth() {
        return path.size();
    }

    /// What is to be said; null when it is the app that says it.
    ///
    /// @param below what of the request's path is below the route
    @Nullable Response answer(Scope.Http request, UrlPath below) {
        boolean head = request.method().equals(Methods.HEAD);
        if (!head && !request.method().equals(Methods.GET)) {
            Fields allow = new Fields().add("allow", "GET, HEAD");
            return open ? null : Response.ofText(405, allow, "Method Not Allowed");
        }
        try {
            AcceptEncoding accepted = AcceptEncoding.of(request.headers());
            return switch (folder.find(below, accepted)) {
                case Found.Nothing() -> open ? null : refusal(404, "Not Found");
                case Found.Directory() -> redirect(request, below);
                case Found.Unacceptable() -> refusal(406, "Not Acceptable");
                case Found.Opened file ->
                        responses.of(file, new RequestFields(request.headers()), head);
            };
        } catch (AccessDeniedException denied) {
            return refusal(403, "Forbidden");
        } catch (IOException failure) {
            return unreadable(request, failure);
        }
    }

    private static Response refusal(int status, String text) {
        return Response.ofText(status, new Fields(), text);
    }

    /// Such as no descriptor that is left.
    private static Response unreadable(Scope.Http request, IOException failure) {
        System.getLogger(FileRoute.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "file not read, %s: %s"
                                .formatted(
                                        new String(request.rawPath(), StandardCharsets.US_ASCII),
                                        failure.getMessage()));
        Fields later = new Fields().add("retry-after", "1");
        return Response.ofText(503, later, "Service Unavailable");
    }

    /// Relative to the path of the request, whatever a proxy has made of that.
    private Response redirect(Scope.Http request, UrlPath below) {
        String name = (below.segments().isEmpty() ? path : below.segments()).getLast();
        String encoded =
                URLEncoder.encode(String.valueOf(name), StandardCharsets.UTF_8).replace("+", "%20");
        String query = new String(request.query(), StandardCharsets.ISO_8859_1);
        String location = "./" + encoded + '/' + (query.isEmpty() ? "" : '?' + ascii(query));
        return Response.ofText(301, new Fields().add("location", location), "Moved Permanently");
    }

    /// With what does not belong into an URI encoded.
    private static String ascii(String query) {
        StringBuilder encoded = new StringBuilder();
        for (int at = 0; at < query.length(); at++) {
            char each = query.charAt(at);
            if (each > ' ' && each < 0x7F) {
                encoded.append(each);
            } else {
                encoded.append("%%%02X".formatted((int) each));
            }
        }
        return encoded.toString();
    }
}
