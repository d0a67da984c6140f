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
    private static final Map<String, String> WHEEL =
            Map.of(
                    "greeting.py", "def greet():\n    return 'greetings'\n",
                    "greeting-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n",
                    "greeting-1.0.dist-info/WHEEL",
                            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                    "greeting-1.0.dist-info/RECORD",
                            "greeting.py,,\n"
                                    + "greeting-1.0.dist-info/METADATA,,\n"
                                    + "greeting-1.0.dist-info/WHEEL,,\n"
                                    + "greeting-1.0.dist-info/RECORD,,\n");

    @Test
    void appFindsWhatItsDockerfileInstalled(@TempDir Path folder) throws IOException, InterruptedException {
        Path wheel = folder.resolve("greeting-1.0-py3-none-any.whl");
        writeWheel(wheel);
        ImageFromDockerfile image =
                SpvnImage.from(new ImageFromDockerfile())
                        .withFileFromString(
                                "Dockerfile",
                                "FROM %s\nCOPY . .\nRUN pip install -r requirements.txt\n"
                                        .formatted(SpvnImage.name()))
                        .withFileFromString("requirements.txt", "--no-index\n--find-links .\ngreeting==1.0\n")
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
