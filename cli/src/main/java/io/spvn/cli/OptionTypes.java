package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.HangAction;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.server.Bind;
import io.spvn.server.http.HttpVersions;
import io.spvn.server.http.ResponseDefaults.Field;
import io.spvn.server.proxy.ProxyProtocol;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How values of each type are written, wherever they are.
final class OptionTypes {
    private static final Map<Class<?>, Function<String, ?>> OURS = ours();

    private OptionTypes() {}

    private static Map<Class<?>, Function<String, ?>> ours() {
        Map<Class<?>, Function<String, ?>> syntax = new LinkedHashMap<>();
        syntax.put(Integer.class, Syntax::number);
        syntax.put(Duration.class, Syntax::duration);
        syntax.put(Long.class, Syntax::size);
        syntax.put(Double.class, Syntax::rate);
        syntax.put(RateSpan.class, Syntax::ramp);
        syntax.put(Bind.class, Syntax::bind);
        syntax.put(AppInterface.class, Syntax::appInterface);
        syntax.put(LogLevel.class, Syntax::logLevel);
        syntax.put(Field.class, Field::parse);
        syntax.put(ProxyProtocol.class, Syntax::proxyProtocol);
        syntax.put(HttpVersions.class, Syntax::httpVersions);
        choice(syntax, Isolation.class);
        choice(syntax, EventLoop.class);
        choice(syntax, HangAction.class);
        choice(syntax, LifespanMode.class);
        choice(syntax, LogStyle.class);
        choice(syntax, WebSocketOptions.Kind.class);
        choice(syntax, CompletionCommand.Shell.class);
        return syntax;
    }

    private static <E extends Enum<E>> void choice(
            Map<Class<?>, Function<String, ?>> syntax, Class<E> type) {
        syntax.put(type, text -> Syntax.choice(type, text));
    }

    /// Teaches a command line what picocli does not know.
    static void teach(CommandLine root) {
        OURS.forEach((type, syntax) -> register(root, type, syntax));
    }

    @SuppressWarnings("unchecked") // the type that belongs to the syntax
    private static <T> void register(CommandLine root, Class<T> type, Function<String, ?> syntax) {
        ITypeConverter<T> converter =
                text -> {
                    try {
                        return (T) syntax.apply(text);
                    } catch (IllegalArgumentException e) {
                        throw new TypeConversionException(e.getMessage());
                    }
                };
        root.registerConverter(type, converter);
    }

    /// A value of a type.
    ///
    /// @throws IllegalArgumentException that says what is wrong with it
    static Object read(Class<?> type, String text) {
        if (type == boolean.class || type == Boolean.class) {
            return Syntax.flag(text);
        }
        if (type == boolean[].class) {
            return new boolean[Syntax.verbosity(text)];
        }
        if (type == Path.class) {
            return Path.of(text);
        }
        return OURS.getOrDefault(type, Function.identity()).apply(text);
    }
}
