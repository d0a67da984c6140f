/// One attack: a plan of requests, carried out against one server, and what was measured.
///
/// A [Plan] says what is sent to which [Target] under which [Load]. [Attack] carries it out on the
/// calling thread, a single event loop over non-blocking sockets: [Pacer] says when a request is
/// due, a connection sends it and reads the response, [Measurements] keeps the times. The result is
/// a [Run]. Latency runs from the time a request was *due*, so that a server that stalls cannot
/// hide behind requests which were never sent (wrk2's lesson, "coordinated omission").
package io.spvn.loadtest.attack;
