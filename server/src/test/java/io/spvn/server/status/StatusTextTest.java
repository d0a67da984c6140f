package io.spvn.server.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    @Test
    void units_areForPeople() {
        assertEquals("-", Units.time(Double.NaN));
        assertEquals("0.53 ms", Units.time(0.00053));
        assertEquals("12 ms", Units.time(0.012));
        assertEquals("1.5 s", Units.time(1.5));
        assertEquals("2 min 5 s", Units.time(125));
        assertEquals("3 h 1 min", Units.span(3 * 3600 + 61));
        assertEquals("2 d 1 h", Units.span(2 * 86_400 + 3600));
        assertEquals("12.3", Units.rate(12.34));
        assertEquals("1,235", Units.rate(1234.6));
        assertEquals("1,234,567", Units.count(1_234_567));
        assertEquals("2 MiB", Units.bytes(2 << 20));
    }

    @Test
    void nothingIsKnown_isShownAllTheSame() {
        assertTrue(StatusText.of(Map.of()).contains("requests  -/s"));
    }

    @Test
    void blockedWorker_isShownWithItsRequestAndStack() {
        Map<String, Object> worker =
                Map.of(
                        "worker",
                        1,
                        "state",
                        "serving",
                        "blocked",
                        true,
                        "blocked_seconds",
                        7.25,
                        "blocked_by",
                        Map.of("method", "GET", "path", "/slow"),
                        "stack",
                        "Traceback:\n  File x");
        String text = StatusText.of(Map.of("workers", List.of(worker)));
        assertTrue(
                text.contains(
                        """
                        worker 1 has been blocked for 7.3 s by GET /slow
                          Traceback:
                            File x
                        """),
                text);
        assertTrue(text.contains("BLOCKED"), text);
    }

    @Test
    void history_isDrawnWithItsMost() {
        String text =
                StatusText.of(
                        Map.of("series", Map.of("requests_per_second", List.of(0, 5.0, 10.0))));
        assertTrue(text.contains("history   ▁▅█   requests/s, most 10.0\n"), text);
    }
}
