/// What every version of HTTP has: who a request is for ([io.spvn.server.http.RequestTarget],
/// [io.spvn.server.http.HostField]), for what it is refused ([io.spvn.server.http.RequestRules],
/// [io.spvn.server.http.HttpError]), how its body is taken in ([io.spvn.server.http.BodyIntake]),
/// and what a response is like whatever carries it ([io.spvn.server.http.ResponseFields],
/// [io.spvn.server.http.ResponseContent]). Only names of fields know of a version; how the rest
/// looks on the wire is that version's affair.
package io.spvn.server.http;
