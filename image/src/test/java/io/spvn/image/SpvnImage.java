package io.spvn.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// The image under test, built from the checkout once for all tests, and removed at the end. The
/// base images are the Dockerfile's, unless `IMAGE_BUILD_ARGUMENTS` has others: `NAME=IMAGE
/// NAME=IMAGE`.
final class SpvnImage {
    /// Maven runs tests in the folder of their module.
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static final String ARGUMENTS = "IMAGE_BUILD_ARGUMENTS";

    private static final class Built {
        static final String NAME =
                System.getenv("SPVN_IMAGE") == null ? build() : System.getenv("SPVN_IMAGE");
    }

    private SpvnImage() {}

    static String name() {
        return Built.NAME;
    }

    /// The network of builds and containers: where the engine has none of its own, the machine's.
    static boolean onNetworkOfMachine() {
        return DockerClientFactory.instance().client().listNetworksCmd().exec().stream()
                .noneMatch(network -> "bridge".equals(network.getDriver()));
    }

    /// What is on top of another image, or the image itself: with the network that there is.
    static ImageFromDockerfile from(ImageFromDockerfile image) {
        return onNetworkOfMachine()
                ? image.withBuildImageCmdModifier(command -> command.withNetworkMode("host"))
                : image;
    }

    private static String build() {
        ImageFromDockerfile image =
                from(new ImageFromDockerfile("localhost/spvn-under-test", true))
                        .withFileFromPath("Dockerfile", ROOT.resolve("docker/Dockerfile"));
        for (String each : sources()) {
            image = image.withFileFromPath(each, ROOT.resolve(each));
        }
        for (String argument : System.getenv().getOrDefault(ARGUMENTS, "").split(" ", -1)) {
            String[] parts = argument.split("=", 2);
            image = parts.length == 2 ? image.withBuildArg(parts[0], parts[1]) : image;
        }
        return image.get();
    }

    /// What `.dockerignore` lets through.
    private static List<String> sources() {
        try (var lines = Files.lines(ROOT.resolve(".dockerignore"))) {
            return lines.filter(line -> line.startsWith("!"))
                    .map(line -> line.substring(1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
