package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// An image that is made from ours, with what an app needs.
@NeedsEngine
class RequirementsIT {
    private static final Path APPS = SpvnImage.ROOT.resolve("image/src/test/apps");
    private static final String INFO = "greeting-1.0.dist-info/";
    private static final Map<String, String> WHEEL =
            Map.of(
                    "greeting.py",
                    """
                    def greet():
                        return 'greetings'
                    """,
                    INFO + "METADATA",
                    """
                    Metadata-Version: 2.1
                    Name: greeting
                    Version: 1.0
                    """,
                    INFO + "WHEEL",
                    """
                    Wheel-Version: 1.0
                    Generator: test
                    Root-Is-Purelib: true
                    Tag: py3-none-any
                    """,
                    INFO + "RECORD",
                    """
                    greeting.py,,
                    greeting-1.0.dist-info/METADATA,,
                    greeting-1.0.dist-info/WHEEL,,
                    greeting-1.0.dist-info/RECORD,,
                    """);

    @Test
    void appFindsWhatItsDockerfileInstalled(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path wheel = folder.resolve("greeting-1.0-py3-none-any.whl");
        writeWheel(wheel);
        ImageFromDockerfile image =
                SpvnImage.from(new ImageFromDockerfile())
                        .withFileFromString(
                                "Dockerfile",
                                """
                                FROM %s
                                COPY . .
                                RUN pip install -r requirements.txt
                                """
                                        .formatted(SpvnImage.name()))
                        .withFileFromString(
                                "requirements.txt",
                                """
                                --no-index
                                --find-links .
                                greeting==1.0
                                """)
                        .withFileFromPath("greeting-1.0-py3-none-any.whl", wheel)
                        .withFileFromPath("app.py", APPS.resolve("app.py"))
                        .withFileFromPath("needy.py", APPS.resolve("needy.py"));
        try (Spvn spvn = Spvn.ofImage(image.get(), "needy:app")) {
            spvn.start();
            assertEquals("greetings", spvn.get("/").body());
        }
    }

    private static void writeWheel(Path wheel) throws IOException {
        try (OutputStream file = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (var entry : WHEEL.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
