package io.spvn.cli;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What went wrong with a file or a socket, in words for the user.
final class IoReason {
    private IoReason() {}

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "no such file";
            case FileAlreadyExistsException _ -> "a file is in the way";
            case AccessDeniedException _ -> "permission denied";
            case SocketTimeoutException _ -> "no connection in time";
            case FileSystemException other -> words(other.getReason(), other);
            default -> words(failure.getMessage(), failure);
        };
    }

    private static String words(@Nullable String text, IOException failure) {
        return text == null || text.isEmpty()
                ? failure.toString()
                : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
