package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.attack.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong with an attack or a comparison is said in one line, before anything is sent.
final class LoadtestBadInputTest {
    private static final String URL = "http://127.0.0.1:9/";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | no command: write 'spvn loadtest attack URL' or 'spvn loadtest compare', or see 'spvn loadtest -h'",
                "attack                | no URL: write 'spvn loadtest attack http://127.0.0.1:8000/'",
                "attac                 | unexpected argument attac, did you mean attack? (see 'spvn loadtest -h')",
                "attack URL URL        | unexpected argument URL (see 'spvn loadtest attack -h')",
                "attack URL --rat 3    | unknown option --rat, did you mean --rate? (see 'spvn loadtest attack -h')",
                "attack URL --rate     | missing required parameter for option '--rate' (N) (see 'spvn loadtest attack -h')",
                "attack URL --rate x   | --rate: 'x' is not a rate such as 500 or 0.5 (see 'spvn loadtest attack -h')",
                "attack URL --rate -1  | --rate: '-1' is not a rate such as 500 or 0.5 (see 'spvn loadtest attack -h')",
                "attack URL --rate 1e3 | --rate: '1e3' is not a rate such as 500 or 0.5 (see 'spvn loadtest attack -h')",
                "attack URL --rate NaN | --rate: 'NaN' is not a rate such as 500 or 0.5 (see 'spvn loadtest attack -h')",
                "attack URL --rate 0   | --rate: more than 0 and at most 1,000,000 requests a second, not 0.0",
                "attack URL --rate 1000001 | --rate: more than 0 and at most 1,000,000 requests a second, not 1000001.0",
                "attack URL --rate 1000000 --duration 1h | --rate and duration: at most 100,000,000 requests in all, not 3,600,000,000",
                "attack URL --ramp 5   | --ramp: '5' is not of the form FROM:TO, such as 100:5000 (see 'spvn loadtest attack -h')",
                "attack URL --ramp 5:x | --ramp: 'x' is not a rate such as 500 or 0.5 (see 'spvn loadtest attack -h')",
                "attack URL --ramp 0:5 | --ramp: from: more than 0 and at most 1,000,000 requests a second, not 0.0",
                "attack URL --ramp 5:0 | --ramp: to: more than 0 and at most 1,000,000 requests a second, not 0.0",
                "attack URL --rate 1 --ramp 1:2 | --rate and --ramp: use one or the other",
                "attack URL --rate 1 --closed | --rate and --closed: use one or the other",
                "attack URL --ramp 1:2 --closed | --ramp and --closed: use one or the other",
                "attack URL --connections 0 | --connections: 1 to 20,000, not 0",
                "attack URL --closed -c 20001 | --connections: 1 to 20,000, not 20,001",
                "attack URL -c x       | -c (--connections): 'x' is not a whole number (see 'spvn loadtest attack -h')",
                "attack URL --duration 2h | --duration: 1ms to 3600s, not 7200s",
                "attack URL --duration 0 | --duration: must be more than zero (see 'spvn loadtest attack -h')",
                "attack URL --duration 0.1ms | --duration: 1ms to 3600s, not 0.0001s",
                "attack URL --timeout 6m | --timeout: 1ms to 300s, not 360s",
                "attack URL --method A,B | --method: 'A,B' cannot be a method",
                "attack URL --header Accept | --header: 'Accept' is not of the form 'Name: value'",
                "attack URL --header A,B:c | --header: 'A,B' cannot name a header field",
                "attack URL -H Content-Length:3 | --header: content-length: is made from the body, do not give it",
                "attack URL --body /nowhere/at/all | --body: /nowhere/at/all: no such file",
                "attack URL --body ./nowhere.json | --body: ./nowhere.json: no such file",
                "attack URL --body a/b | --body: a/b: no such file",
                "attack URL --body @nowhere | --body: nowhere: no such file",
                "attack URL --body @/tmp | --body: /tmp: is a directory",
                "attack URL --body /tmp | --body: /tmp: is a directory",
                "attack 127.0.0.1:9    | 127.0.0.1:9: write http://HOST:PORT/PATH; no other scheme is supported",
                "attack localhost:9/x  | localhost:9/x: write http://HOST:PORT/PATH; no other scheme is supported",
                "attack https://127.0.0.1/ | https://127.0.0.1/: write http://HOST:PORT/PATH; no other scheme is supported",
                "attack http://        | http://: not a URL: Expected authority",
                "attack http://a:b@127.0.0.1/ | http://a:b@127.0.0.1/: a password in a URL is not sent; use --header 'Authorization: ...'",
                "attack http://127.0.0.1:99999/ | http://127.0.0.1:99999/: no host, or a port that cannot be",
                "attack http://192.0.2.1/ | http://192.0.2.1/: 192.0.2.1 is not this machine; --allow-remote lets it be attacked, if you may",
                "compare x             | unexpected argument x (see 'spvn loadtest compare -h')",
                "compare --document /nowhere | --document: /nowhere: no such file, or not readable",
                "compare --rounds 0    | --rounds: 1 to 100, not 0",
                "compare --seconds x   | --seconds: 'x' is not a duration such as 5, 5s, 100ms or 1m (see 'spvn loadtest compare -h')"
            })
    void options(String args, String message) {
        String line = ("loadtest " + args.replace("URL", URL)).strip();
        Invocation invocation = Invocation.of(line.split(" ", -1));
        assertAll(
                () ->
                        assertEquals(
                                "spvn: "
                                        + message.replace("argument URL", "argument " + URL)
                                        + "\n",
                                invocation.err()),
                () -> assertEquals("", invocation.out()),
                () -> assertEquals(2, invocation.exitCode()));
    }

    @ParameterizedTest
    @CsvSource({"--peers, apache", "--scenario, hallo"})
    void names(String option, String name) {
        Invocation invocation = Invocation.of("loadtest", "compare", option, name);
        String start = "spvn: " + option + ": '" + name + "' is not one of ";
        assertTrue(invocation.err().startsWith(start), invocation.err());
        assertEquals(2, invocation.exitCode());
    }

    @Test
    void body_isTooLarge() {
        Invocation invocation = Invocation.of("loadtest", "attack", URL, "--body", "@/dev/zero");
        assertEquals(
                "spvn: --body: the body: at most " + Request.MAX_BODY + " bytes\n",
                invocation.err());
    }
}
