package io.spvn.image;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/// A container of the image with the apps of the tests in `/app`, as `docker run -p 8000:8000 -v
/// ./apps:/app spvn ARGUMENT...` makes one. Where the engine has no network of its own it has the
/// machine's, with ports that are free.
final class Spvn extends GenericContainer<Spvn> {
    private static final int PORT = 8000;
    private static final int ADMIN_PORT = 9090;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final boolean onNetworkOfMachine = SpvnImage.onNetworkOfMachine();
    private int port;
    private int adminPort;

    private Spvn(String image) {
        super(DockerImageName.parse(image));
    }

    /// One that serves, once it has started.
    static Spvn serving(String... arguments) {
        return ofImage(SpvnImage.name(), arguments)
                .bound(SpvnImage.ROOT.resolve("image/src/test/apps"), "/app");
    }

    /// One of another image that is made from ours, with nothing mounted.
    static Spvn ofImage(String image, String... arguments) {
        Spvn spvn = new Spvn(image);
        spvn.withCommand(arguments);
        spvn.connect();
        spvn.waitingFor(new ReadyStrategy(spvn));
        return spvn;
    }

    private void connect() {
        if (!onNetworkOfMachine) {
            withExposedPorts(PORT, ADMIN_PORT);
            return;
        }
        port = freePort();
        adminPort = freePort();
        withNetworkMode("host");
        withEnv("SPVN_BIND", "0.0.0.0:" + port);
        withEnv("SPVN_ADMIN_BIND", "127.0.0.1:" + adminPort);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// With what the engine lets a host set, such as its limits.
    Spvn with(Consumer<HostConfig> settings) {
        return withCreateContainerCmdModifier(
                command -> settings.accept(Objects.requireNonNull(command.getHostConfig())));
    }

    /// A folder that the container may read.
    Spvn bound(Path folder, String inside) {
        return withCreateContainerCmdModifier(
                command -> {
                    HostConfig host = Objects.requireNonNull(command.getHostConfig());
                    Bind bind = Bind.parse(folder + ":" + inside + ":ro");
                    Bind[] others = host.getBinds();
                    int count = others == null ? 0 : others.length;
                    Bind[] all = new Bind[count + 1];
                    if (others != null) {
                        System.arraycopy(others, 0, all, 0, count);
                    }
                    all[count] = bind;
                    host.withBinds(all);
                });
    }

    int port() {
        return onNetworkOfMachine ? port : getMappedPort(PORT);
    }

    int adminPort() {
        return onNetworkOfMachine ? adminPort : getMappedPort(ADMIN_PORT);
    }

    HttpClient client() {
        return client;
    }

    HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + getHost() + ":" + port() + path))
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), BodyHandlers.ofString());
    }

    /// Of the admin address.
    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + getHost() + ":" + adminPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                BodyHandlers.ofString());
    }

    ContainerState state() {
        return getDockerClient().inspectContainerCmd(getContainerId()).exec().getState();
    }

    /// As `docker stop` does it; returns the exit code.
    long stopped(int seconds) {
        getDockerClient().stopContainerCmd(getContainerId()).withTimeout(seconds).exec();
        return Objects.requireNonNull(state().getExitCodeLong());
    }
}
