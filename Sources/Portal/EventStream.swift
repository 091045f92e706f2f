import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// One server-sent event (WHATWG HTML §9.2).
struct ServerEvent: Sendable, Equatable {
    /// Comes back as `Last-Event-ID` when the browser connects again.
    var id: String?
    var name: String
    var data: String

    /// The frame on the wire; line ends within the data become further `data:` lines.
    var frame: String {
        var text = ""
        if let id { text += "id: \(id)\n" }
        text += "event: \(name)\n"
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { text += "data: \(line)\n" }
        return text + "\n"
    }

    /// Keeps proxies and browsers from giving the connection up.
    static let heartbeat = ": \n\n"
}

extension Response {
    /// A stream that asks `next` once a period until it gives nil; nothing new is a heartbeat. The work goes on without the stream: a client that
    /// goes away ends only its own stream.
    static func events(
        every period: Duration = .milliseconds(500), limit: Int = 7200, _ next: @escaping @Sendable (Int) -> StreamStep
    ) -> Response {
        let body = ResponseBody { writer in
            for turn in 0..<limit {
                switch next(turn) {
                case .event(let event): try await writer.write(ByteBuffer(string: event.frame))
                case .nothing: try await writer.write(ByteBuffer(string: ServerEvent.heartbeat))
                case .last(let event):
                    try await writer.write(ByteBuffer(string: event.frame))
                    try await writer.finish(nil)
                    return
                }
                try await Task.sleep(for: period)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", .accelBuffering: "no",
            ], body: body)
    }
}

/// What a stream says at a turn.
enum StreamStep: Sendable {
    case event(ServerEvent)
    case nothing
    case last(ServerEvent)
}
