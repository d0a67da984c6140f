package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig.Limits;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.process.ServiceManager;
import io.spvn.server.proxy.ForwardedField;
import io.spvn.server.proxy.Proxies;
import io.spvn.server.proxy.ProxyProtocol;
import io.spvn.server.proxy.TrustedPeers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Inherited sockets, proxies, and the limits of one client.
final class NetworkOptionsTest {
    private static final String PID = String.valueOf(ProcessHandle.current().pid());
    private static final Map<String, String> TWO_SOCKETS =
            Map.of("LISTEN_PID", PID, "LISTEN_FDS", "2");

    private static Invocation serve(Map<String, String> environment, String... options) {
        String[] args =
                Stream.concat(Stream.of("serve", "m"), Stream.of(options)).toArray(String[]::new);
        return Invocation.with(environment, args);
    }

    private static Network network(Map<String, String> environment, String... options) {
        return serve(environment, options).config().network();
    }

    private static Proxies proxies(String... options) {
        return network(Map.of(), options).proxies();
    }

    @Test
    void inherited_byTheirNumbers() {
        assertEquals(
                List.of(new Bind.Inherited(5), new Bind.Inherited(4)),
                network(Map.of(), "--fd", "4", "--bind", "fd://5").binds());
    }

    @Test
    void socketsOfTheManager_whenNoOtherIsAskedFor() {
        assertEquals(
                List.of(new Bind.Inherited(3), new Bind.Inherited(4)),
                network(TWO_SOCKETS).binds());
        assertEquals(
                List.of(new Bind.Tcp("127.0.0.1", 9)),
                network(TWO_SOCKETS, "--bind", "127.0.0.1:9").binds());
        Map<String, String> another = Map.of("LISTEN_PID", "1", "LISTEN_FDS", "2");
        assertEquals(Network.DEFAULT.binds(), network(another).binds());
    }

    @Test
    void manager_isKnownByItsVariables() {
        assertEquals(
                new ServiceManager(0, "/run/n", Duration.ofSeconds(2)),
                serve(Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "2000000"))
                        .config()
                        .process()
                        .manager());
    }

    @Test
    void nobodyIsBelieved_byDefault() {
        assertEquals(Proxies.NONE, proxies());
        assertEquals(Set.of(), proxies("--no-proxy-headers").fields());
        assertEquals(
                Set.of(), proxies("--forwarded-headers", "for", "--no-proxy-headers").fields());
    }

    @Test
    void proxyHeaders_areThoseOfUvicorn_unlessOthersAreAskedFor() {
        assertEquals(Proxies.DEFAULT_FIELDS, proxies("--proxy-headers").fields());
        assertEquals(
                Set.of(ForwardedField.FORWARDED, ForwardedField.PREFIX),
                proxies("--forwarded-headers", "forwarded, prefix").fields());
    }

    @Test
    void trustedProxies_optionThenVariableThenDefault() {
        Map<String, String> variable = Map.of("FORWARDED_ALLOW_IPS", "10.0.0.0/8");
        assertEquals(TrustedPeers.parse("10.0.0.0/8"), network(variable).proxies().trusted());
        assertEquals(
                TrustedPeers.parse("*"),
                network(variable, "--forwarded-allow-ips", "*").proxies().trusted());
        assertEquals(TrustedPeers.parse("127.0.0.1,::1,unix:"), proxies().trusted());
    }

    @ParameterizedTest
    @CsvSource({
        "--proxy-protocol, AUTO",
        "--proxy-protocol auto, AUTO",
        "--proxy-protocol=True, AUTO",
        "--proxy-protocol v1, V1",
        "--proxy-protocol V2, V2",
        "--proxy-protocol=off, OFF",
        "--proxy-protocol none, OFF",
        "--proxy-protocol --reuse-port, AUTO",
        "--reuse-port, OFF"
    })
    void proxyProtocol_asGunicornHasIt(String options, ProxyProtocol expected) {
        assertEquals(expected, proxies(options.split(" ", -1)).preface());
    }

    @Test
    void proxyProtocol_alone_leavesTheTargetAlone() {
        Invocation serve = Invocation.with(Map.of(), "serve", "--proxy-protocol", "m");
        assertEquals(ProxyProtocol.AUTO, serve.config().network().proxies().preface());
        assertEquals("m", serve.config().worker().app().ref().target());
    }

    @ParameterizedTest
    @CsvSource({"true, AUTO", "v2, V2", "0, OFF"})
    void proxyProtocol_inTheEnvironment(String value, ProxyProtocol expected) {
        assertEquals(expected, network(Map.of("SPVN_PROXY_PROTOCOL", value)).proxies().preface());
    }

    @Test
    void whatAFlagTurnsOn_isNotUndoneByWhatCountsLess() {
        Map<String, String> off = Map.of("SPVN_PROXY_HEADERS", "false");
        assertEquals(
                Proxies.DEFAULT_FIELDS,
                network(off, "--forwarded-allow-ips", "*").proxies().fields());
        assertEquals(
                Set.of(ForwardedField.HOST),
                network(off, "--forwarded-headers", "host").proxies().fields());
        assertEquals(Set.of(), network(off).proxies().fields());
        Map<String, String> both =
                Map.of("SPVN_PROXY_HEADERS", "false", "FORWARDED_ALLOW_IPS", "*");
        assertEquals(Set.of(), network(both).proxies().fields());
    }

    @Test
    void whatIsOn_staysOn_whereAFlagDoesNotSaySo() {
        assertEquals(
                Proxies.DEFAULT_FIELDS,
                network(
                                Map.of("SPVN_PROXY_HEADERS", "true"),
                                "--proxy-protocol",
                                "--forwarded-allow-ips",
                                "10.0.0.1")
                        .proxies()
                        .fields());
    }

    @Test
    void switches() {
        assertTrue(network(Map.of(), "--reuse-port").reusePort());
    }

    @Test
    void limitsOfOneClient() {
        String[] options = {"--limit-connections-per-ip", "7", "--limit-connection-rate", "9"};
        assertEquals(new Limits(0, 0, 7, 9), serve(Map.of(), options).config().limits());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--bind fd://x | number of a descriptor",
                "--fd -1 | --fd: a descriptor has a number from 0 on",
                "--fd 3 --bind fd://3 | fd://3 is given twice",
                "--forwarded-allow-ips proxy | --forwarded-allow-ips: 'proxy' is not an address",
                "--proxy-protocol v3 | --proxy-protocol: 'v3' is not one of off, v1, v2, auto",
                "--forwarded-headers who | --forwarded-headers: 'who' is not one of for, proto",
                "--limit-connections-per-ip 0 | --limit-connections-per-ip: must be at least 1",
                "--limit-connection-rate 0 | --limit-connection-rate: must be at least 1"
            })
    void wrongValues_areNamed(String options, String complaint) {
        Invocation refused = serve(Map.of(), options.split(" ", -1));
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains(complaint), refused.err());
    }

    @Test
    void wrongVariables_areNamed() {
        Invocation refused = serve(Map.of("LISTEN_PID", PID, "LISTEN_FDS", "two"));
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains("LISTEN_FDS: 'two'"), refused.err());
        Invocation other = serve(Map.of("FORWARDED_ALLOW_IPS", "proxy"));
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("FORWARDED_ALLOW_IPS: 'proxy'"), other.err());
    }
}
