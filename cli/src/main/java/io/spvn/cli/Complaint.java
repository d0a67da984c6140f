package io.spvn.cli;

import io.spvn.loadtest.compare.ComparisonFailure;
import io.spvn.server.process.StartFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What the user is told about a failure. The one place where failures become exit codes.
///
/// @param exitCode of the process
/// @param message one line
/// @param detail the app's traceback, or ""
/// @param internal whether it is a defect of ours
record Complaint(int exitCode, String message, String detail, boolean internal) {
    private static final int BROKEN = 1;
    private static final int USAGE = 2;
    private static final int APP = 3;
    private static final int ENVIRONMENT = 4;

    static Complaint of(Throwable failure) {
        return switch (failure) {
            case ParameterException wrong -> ordinary(USAGE, message(wrong), "");
            case UsageError wrong -> ordinary(USAGE, text(wrong), "");
            case AttackFailure attack -> ordinary(BROKEN, text(attack), "");
            case ComparisonFailure comparison -> ordinary(ENVIRONMENT, text(comparison), "");
            case MissingPart missing -> ordinary(ENVIRONMENT, text(missing), "");
            case StartFailure start ->
                    ordinary(exitCode(start.fault()), text(start), start.detail());
            default -> new Complaint(BROKEN, "internal error: " + failure, "", true);
        };
    }

    private static int exitCode(StartFailure.Fault fault) {
        return switch (fault) {
            case OPTIONS -> USAGE;
            case APP -> APP;
            case ENVIRONMENT -> ENVIRONMENT;
        };
    }

    private static Complaint ordinary(int exitCode, String message, String detail) {
        return new Complaint(exitCode, message, detail, false);
    }

    /// The lines for standard error.
    ///
    /// @param stackTrace whether to show where an internal error comes from
    String text(Throwable failure, boolean stackTrace) {
        StringWriter text = new StringWriter();
        PrintWriter lines = new PrintWriter(text);
        if (!detail.isBlank()) {
            lines.println(detail.stripTrailing());
        }
        lines.println("spvn: " + line());
        if (stackTrace && internal) {
            failure.printStackTrace(lines);
        }
        return text.toString();
    }

    /// The message in one line.
    String line() {
        return message.lines().reduce((a, b) -> a + " " + b).orElse("");
    }

    private static String text(Throwable failure) {
        return String.valueOf(failure.getMessage());
    }

    private static String message(ParameterException wrong) {
        String help = " (see '" + wrong.getCommandLine().getCommandSpec().qualifiedName() + " -h')";
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched) + help;
        }
        ArgSpec argument = wrong.getArgSpec();
        if (wrong.getCause() instanceof TypeConversionException value && argument != null) {
            return name(argument, wrong.getCommandLine()) + ": " + value.getMessage() + help;
        }
        String message = text(wrong);
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1) + help;
    }

    private static String unmatched(UnmatchedArgumentException unmatched) {
        String kind = unmatched.isUnknownOption() ? "unknown option " : "unexpected argument ";
        return kind + unmatched.getUnmatched().getFirst() + Hint.of(unmatched);
    }

    /// As it was written, with its own name where that was an alias.
    private static String name(ArgSpec argument, CommandLine command) {
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel();
        }
        List<String> words = command.getParseResult().originalArgs();
        String own = OptionName.flag(option);
        return Arrays.stream(option.names())
                .filter(name -> words.stream().anyMatch(word -> isWritten(name, word)))
                .filter(name -> !name.equals(own))
                .findFirst()
                .map(alias -> alias + " (" + own + ")")
                .orElse(own);
    }

    private static boolean isWritten(String name, String word) {
        return word.equals(name) || word.startsWith(name + "=");
    }
}
