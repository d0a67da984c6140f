package io.spvn.server.tls;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/// Why a file cannot be read, in words.
final class FileReason {
    private FileReason() {}

    static String of(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such file; correct its path";
            case AccessDeniedException _ ->
                    "permission denied; let the user that starts the server read it";
            default -> String.valueOf(failure.getMessage());
        };
    }
}
