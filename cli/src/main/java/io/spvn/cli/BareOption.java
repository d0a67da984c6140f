package io.spvn.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Lets an option stand alone: what follows is its value only if it is one that it knows or cannot
/// be anything else, so that `-l module:app` leaves the target alone.
sealed class BareOption implements IParameterPreprocessor
        permits BareOption.Lifespan, BareOption.WebSocketKind, BareOption.ProxyProtocol {
    private final String meant;
    private final Set<String> values;

    /// @param meant its value where it stands alone
    /// @param values that it may have
    private BareOption(String meant, String... values) {
        this.meant = meant;
        this.values = Set.of(values);
    }

    /// `-l`, which uvicorn's users write with a mode.
    static final class Lifespan extends BareOption {
        Lifespan() {
            super("on", "auto", "on", "off");
        }
    }

    /// `--ws`, which is a switch of granian's and has a kind at uvicorn.
    static final class WebSocketKind extends BareOption {
        WebSocketKind() {
            super("auto", "auto", "none", "websockets", "websockets-sansio", "wsproto");
        }
    }

    /// `--proxy-protocol`, which has a version at gunicorn; here either is read.
    static final class ProxyProtocol extends BareOption {
        private static final Set<String> VERSIONS = Set.of("auto", "v1", "v2");

        ProxyProtocol() {
            super("true", "auto", "v1", "v2", "off", "on", "true", "false", "0", "1");
        }

        @Override
        String read(String value) {
            if (value.equals("off")) {
                return "false";
            }
            return VERSIONS.contains(value) ? "true" : value;
        }
    }

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean attached = !" ".equals(info.get("separator"));
        boolean given = attached || (!args.isEmpty() && isValue(args.peek(), command));
        args.push(given ? read(args.pop()) : meant);
        return false;
    }

    /// The value that a word stands for.
    String read(String value) {
        return value;
    }

    private boolean isValue(String word, CommandSpec command) {
        return values.contains(word.toLowerCase(Locale.ROOT))
                || (!word.startsWith("-") && hasTarget(command));
    }

    private static boolean hasTarget(CommandSpec command) {
        @Nullable Object target = command.positionalParameters().getFirst().getValue();
        return target != null;
    }
}
