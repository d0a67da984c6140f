package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RowTest {
    @Test
    void spread_ofOddAndEvenCounts() {
        assertEquals(new Spread(1, 2, 9), Spread.of(9, 1, 2));
        assertEquals(new Spread(1, 3, 9), Spread.of(9, 1, 2, 4));
        assertEquals(new Spread(5, 5, 5), Spread.of(5));
    }

    @Test
    void typical_isTheRoundWithTheMedianGoodput() {
        Row row = measured("hello-c64", 300, 100, 200);
        assertEquals(3, row.typical().round());
        row.add(Runs.sample(4, 250, 1));
        assertEquals(3, row.typical().round());
    }

    @Test
    void failures_areAddedUp() {
        Row row = new Row(Runs.scenario("hello-c64"), "granian");
        row.add(Runs.sample(1, 10, 1, 3, 0));
        row.add(Runs.sample(2, 10, 1, 0, 5));
        row.add(Runs.sample(3, 10, 1, 0, 1));
        assertEquals(6, row.failures());
        assertEquals(3, row.nonSuccesses());
        assertEquals(Map.of("no response in time", 6L), row.failuresByKind());
    }

    @Test
    void ledBy_comparesGoodputInAClosedLoop() {
        Row granian = measured("hello-c64", 100, 200, 300);
        assertEquals(1.5, granian.ledBy(measured("hello-c64", 300, 290, 310)));
    }

    @Test
    void ledBy_comparesP99AtAFixedRate() {
        Row granian = new Row(Runs.scenario("hello-500"), "granian");
        granian.add(Runs.sample(1, 500, 6));
        Row spvn = new Row(Runs.scenario("hello-500"), "spvn");
        spvn.add(Runs.sample(1, 500, 4));
        assertEquals(1.5, granian.ledBy(spvn), 1e-9);
    }

    @Test
    void ledBy_isNoNumber_whenThereIsNothingToCompare() {
        Row granian = measured("hello-c64", 100);
        Row nothing = measured("hello-c64", 0);
        Row missing = new Row(Runs.scenario("hello-c64"), "spvn");
        assertFalse(Double.isFinite(granian.ledBy(missing)));
        assertFalse(Double.isFinite(missing.ledBy(granian)));
        assertFalse(Double.isFinite(nothing.ledBy(granian)));
        assertFalse(Double.isFinite(nothing.ledBy(nothing)));
    }

    @Test
    void ledBy_isNoNumber_whenNobodyWasAnswered_orOneDidNotKeepUp() {
        Row spvn = fixedRate(Runs.sample(1, 500, 4));
        assertFalse(Double.isFinite(fixedRate(Runs.sample(1, 0, 0)).ledBy(spvn)));
        assertFalse(Double.isFinite(fixedRate(Runs.sample(1, 490, 2, 10, 0)).ledBy(spvn)));
        assertFalse(Double.isFinite(fixedRate(Runs.sample(1, 490, 2, 0, 10)).ledBy(spvn)));
        assertFalse(Double.isFinite(spvn.ledBy(fixedRate(Runs.sample(1, 490, 2, 0, 10)))));
        assertTrue(Double.isFinite(fixedRate(Runs.sample(1, 500, 2)).ledBy(spvn)));
    }

    @Test
    void spread_leavesOutRoundsInWhichAFigureCouldNotBeMeasured() {
        Row row = measured("hello-c64", 100, 200);
        row.add(new Sample(3, Runs.sample(3, 300, 1).run(), Double.NaN, Double.NaN, List.of()));
        assertEquals(new Spread(10, 15, 20), row.spread(Sample::cpuMicros));
        assertFalse(Double.isFinite(Spread.of().median()));
    }

    private static Row fixedRate(Sample sample) {
        Row row = new Row(Runs.scenario("hello-500"), "granian");
        row.add(sample);
        return row;
    }

    @Test
    void notRun_settlesARowThatHasNothing_andIsANoteOtherwise() {
        Row row = new Row(Runs.scenario("hello-c64"), "granian");
        row.notRun(1, "ended at start: no");
        assertTrue(row.isHopeless());
        assertEquals("ended at start: no", row.why());

        Row other = measured("hello-c64", 100);
        other.notRun(2, "did not listen");
        assertFalse(other.isHopeless());
        assertTrue(other.isMeasured());
        assertEquals(List.of("round 2 not run: did not listen"), other.notes());
    }

    private static Row measured(String scenario, long... goodput) {
        Row row = new Row(Runs.scenario(scenario), "granian");
        for (int round = 1; round <= goodput.length; round++) {
            row.add(Runs.sample(round, goodput[round - 1], 1));
        }
        return row;
    }
}
