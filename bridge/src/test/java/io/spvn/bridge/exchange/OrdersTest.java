package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Orders.Step;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrdersTest {
    @Test
    void walk_allOrdersOfTheSteps() {
        var orders = orders(List.of(step("a"), step("b")), List.of(step("1"), step("2")));
        Set<String> ends = orders.walk(StringBuilder::toString);
        ends.removeIf(order -> order.length() < 4);
        assertEquals(Set.of("ab12", "a1b2", "a12b", "1ab2", "1a2b", "12ab"), ends);
    }

    @Test
    void walk_stepThatIsNotPossibleYet_waits() {
        Step<StringBuilder> afterB = step("1").when(world -> world.indexOf("b") >= 0);
        var orders = orders(List.of(step("a"), step("b")), List.of(afterB));
        assertEquals(Set.of("", "a", "ab", "ab1"), orders.walk(StringBuilder::toString));
    }

    @Test
    void walk_stepThatIsNeverPossible_holdsUpWhatFollowsIt() {
        var orders = orders(List.of(step("a").when(world -> false), step("b")), List.of(step("1")));
        assertEquals(Set.of("", "1"), orders.walk(StringBuilder::toString));
    }

    @Test
    void walk_eachBeginningIsEndedAsWell_andAFailureNamesItsOrder() {
        var orders = orders(List.of(step("a"), step("b")), List.of(step("1")));
        var failure =
                assertThrows(
                        AssertionError.class,
                        () ->
                                orders.walk(
                                        world -> {
                                            assertTrue(!world.toString().equals("1a"));
                                            return "";
                                        }));
        assertEquals("in this order: [1, a]", failure.getMessage());
    }

    private static Orders<StringBuilder> orders(
            List<Step<StringBuilder>> one, List<Step<StringBuilder>> other) {
        return new Orders<>(StringBuilder::new, List.of(one, other));
    }

    private static Step<StringBuilder> step(String name) {
        return new Step<>(name, world -> world.append(name));
    }
}
