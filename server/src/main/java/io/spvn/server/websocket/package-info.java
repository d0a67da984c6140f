/// The WebSocket protocol (RFC 6455) and its compression (RFC 7692), on bytes: knows neither of
/// sockets nor of exchanges.
///
/// Read in this order: [io.spvn.server.websocket.Handshake] is a request for one,
/// [io.spvn.server.websocket.DeflateContexts] agrees on compression and bounds its memory,
/// [io.spvn.server.websocket.FrameReader] makes [io.spvn.server.websocket.Received] of what a
/// client sends, under the rules of [io.spvn.server.websocket.FrameRules], and
/// [io.spvn.server.websocket.FrameWriter] puts out what it is sent.
package io.spvn.server.websocket;
