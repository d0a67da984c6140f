package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.jr.ob.JSON;
import io.spvn.loadtest.attack.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A GeoJSON document of about 2.2 MB, like the well-known outline of Canada: hardly anything but
/// coordinates with all their digits. The same each time.
final class GeoDocument {
    private static final int RINGS = 480;
    private static final int POINTS = 117;
    private static final long SEED = 1867;

    private GeoDocument() {}

    /// The given file, else a generated document.
    ///
    /// @throws ComparisonFailure if the file cannot be read, is no JSON object or too large
    static byte[] bytes(@Nullable Path file) {
        if (file == null) {
            return generated();
        }
        try {
            if (Files.size(file) > Request.MAX_BODY) {
                throw new ComparisonFailure(
                        file + ": at most " + Request.MAX_BODY + " bytes can be posted");
            }
            byte[] bytes = Files.readAllBytes(file);
            JSON.std.mapFrom(bytes);
            return bytes;
        } catch (JacksonException e) {
            throw new ComparisonFailure(file + ": not a JSON object", e);
        } catch (IOException e) {
            throw new ComparisonFailure(file + ": this document cannot be read", e);
        }
    }

    static byte[] generated() {
        SplittableRandom random = new SplittableRandom(SEED);
        StringBuilder text = new StringBuilder(1 << 22);
        text.append("{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",")
                .append("\"properties\":{\"name\":\"Canada\"},")
                .append("\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[");
        for (int ring = 0; ring < RINGS; ring++) {
            text.append(ring == 0 ? "[" : ",[");
            appendRing(text, random);
            text.append(']');
        }
        return text.append("]}}]}").toString().getBytes(US_ASCII);
    }

    private static void appendRing(StringBuilder text, SplittableRandom random) {
        double longitude = random.nextDouble(-141, -52);
        double latitude = random.nextDouble(42, 83);
        for (int point = 0; point < POINTS; point++) {
            longitude += random.nextDouble(-0.01, 0.01);
            latitude += random.nextDouble(-0.01, 0.01);
            text.append(point == 0 ? "[" : ",[").append(longitude).append(',');
            text.append(latitude).append(']');
        }
    }
}
