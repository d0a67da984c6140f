package io.spvn.server.files;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Payload;
import io.spvn.server.files.RangeField.Range;
import io.spvn.server.http.HttpDate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the response to a request for a file: all of it, ranges of it, or only that the client has
/// it already.
final class FileResponse {
    private final FileTypes types = new FileTypes();
    private final @Nullable Duration maxAge;
    private final InstantSource clock;

    /// @param maxAge for how long clients may keep a file without asking, null for nothing said
    FileResponse(@Nullable Duration maxAge, InstantSource clock) {
        this.maxAge = maxAge;
        this.clock = clock;
    }

    /// Takes over the open file; the body of the response is what closes it.
    ///
    /// @param head whether the head alone is asked for
    Response of(Found.Opened file, RequestFields request, boolean head) {
        long size = file.facts().size();
        FileRange whole = file.whole();
        Instant now = clock.instant();
        EntityTag tag = EntityTag.of(file.facts(), file.coding(), now);
        Instant modified = modified(file, now);
        Preconditions conditions = new Preconditions(request, tag, modified);
        Fields fields = fields(file, tag, modified);
        Preconditions.Outcome outcome = conditions.outcome();
        if (outcome != Preconditions.Outcome.PROCEED) {
            whole.release();
            return outcome == Preconditions.Outcome.NOT_MODIFIED
                    ? Response.of(304, fields)
                    : Response.ofText(412, new Fields(), "Precondition Failed");
        }
        fields.add("accept-ranges", "bytes");
        String wanted = request.value("range");
        List<Range> ranges =
                wanted == null || head || !conditions.allowRange()
                        ? null
                        : RangeField.parse(wanted, size);
        return ranges == null ? all(file, fields, whole) : ranges(file, fields, whole, ranges);
    }

    /// Of the last change, in the whole seconds that are sent; not later than the response (RFC
    /// 9110 8.8.2.1).
    private static Instant modified(Found.Opened file, Instant now) {
        Instant changed = file.facts().modified().toInstant();
        return (changed.isAfter(now) ? now : changed).truncatedTo(ChronoUnit.SECONDS);
    }

    /// Those of any response that says something of the file.
    private Fields fields(Found.Opened file, EntityTag tag, Instant modified) {
        Fields fields = new Fields();
        fields.add("etag", tag.text()).add("last-modified", HttpDate.format(modified));
        if (maxAge != null) {
            fields.add("cache-control", "max-age=" + maxAge.toSeconds());
        }
        if (file.varies()) {
            fields.add("vary", "accept-encoding");
        }
        return fields;
    }

    private Response all(Found.Opened file, Fields fields, FileRange whole) {
        addContent(file, fields, types.of(file.name()), whole.length());
        return new Response(200, fields.headers(), List.of(whole));
    }

    private Response ranges(Found.Opened file, Fields fields, FileRange whole, List<Range> ranges) {
        long size = whole.length();
        String type = types.of(file.name());
        if (ranges.isEmpty()) {
            whole.release();
            Fields refusal = new Fields().add("content-range", "bytes */" + size);
            return Response.ofText(416, refusal, "Range Not Satisfiable");
        }
        if (ranges.size() > 1) {
            Multipart parts = Multipart.of(whole, type, ranges);
            addContent(file, fields, parts.type(), parts.length());
            return new Response(206, fields.headers(), parts.body());
        }
        Range only = ranges.getFirst();
        FileRange part = whole.another(only.first(), only.length());
        whole.release();
        fields.add("content-range", only.of(size));
        addContent(file, fields, type, only.length());
        return new Response(206, fields.headers(), List.of((Payload) part));
    }

    private static void addContent(Found.Opened file, Fields fields, String type, long length) {
        fields.add("content-type", type).add("content-length", Long.toString(length));
        if (file.coding() != null) {
            fields.add("content-encoding", file.coding().word());
        }
    }
}
