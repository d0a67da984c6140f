package io.spvn.server.connection;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Objects;

/// Private fields of Helidon's objects, for the places where it has no hook. None that is written
/// is final.
final class Seam {
    private Seam() {}

    static Object read(Object owner, String field) {
        try {
            return accessible(owner, field).get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    static Object entry(Map<?, ?> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    static void write(Object owner, String field, Object value) {
        try {
            accessible(owner, field).set(owner, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Field accessible(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException other) {
            throw new AssertionError("not the Helidon this was written for", other);
        }
    }
}
