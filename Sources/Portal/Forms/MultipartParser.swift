import Identifiers

/// Why a multipart body cannot be taken apart.
enum MultipartFault: Error, Sendable, Equatable {
    /// The content type names no usable boundary (1…70 characters).
    case boundary
    /// Something other than a boundary where one must stand.
    case malformed
    /// A part's headers exceed the limit, or are not of the form name: value.
    case header
    /// More parts than a form of ours has.
    case tooManyParts
    /// The body ended before its closing boundary.
    case truncated
}

/// Takes a `multipart/form-data` body apart as it comes (RFC 7578). A state machine: bytes go in, events come out, no input or output of its own.
struct MultipartParser: Sendable {
    /// What the bytes fed last have brought.
    enum Event: Sendable, Equatable {
        case began(Part)
        /// Some bytes of the part begun last.
        case data([UInt8])
        case ended
        /// The closing boundary; what follows is ignored.
        case finished
    }

    /// What a part says of itself.
    struct Part: Sendable, Equatable {
        var name: String
        /// Set for files; a name as sent, never a path to write to.
        var fileName: String?
    }

    private enum State { case preamble, afterBoundary, headers, body, epilogue }

    private let delimiter: [UInt8]
    private let headerLimit: Int
    private let partLimit: Int
    private var state = State.preamble
    private var pending: [UInt8] = [0x0D, 0x0A]  // so that the first boundary, too, follows a line end
    private var parts = 0

    /// - Parameters:
    ///   - boundary: from the content type.
    ///   - headerLimit: bytes of one part's headers.
    ///   - partLimit: how many parts a form may have.
    init(boundary: String, headerLimit: Int = 8 << 10, partLimit: Int = 16) throws(MultipartFault) {
        guard (1...70).contains(boundary.utf8.count) else { throw .boundary }
        delimiter = [0x0D, 0x0A, 0x2D, 0x2D] + Array(boundary.utf8)
        self.headerLimit = headerLimit
        self.partLimit = partLimit
    }

    /// The boundary of a content type header; nil if it is not `multipart/form-data` with a boundary.
    static func boundary(of contentType: String?) -> String? {
        guard let contentType else { return nil }
        let pieces = contentType.split(separator: ";").map { String($0).trimmingBlanks() }
        guard pieces.first?.lowercased() == "multipart/form-data" else { return nil }
        for piece in pieces.dropFirst() where piece.lowercased().hasPrefix("boundary=") {
            let value = piece.dropFirst("boundary=".count)
            return value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 2 ? String(value.dropFirst().dropLast()) : String(value)
        }
        return nil
    }

    /// Takes the next bytes; events in the order of the body.
    mutating func feed(_ bytes: [UInt8], _ take: (Event) throws -> Void) throws {
        guard state != .epilogue else { return }
        pending += bytes
        var start = 0
        while try step(&start, take) {}
        if start > 0 { pending.removeFirst(start) }
    }

    /// Says that no more bytes will come.
    func finish() throws(MultipartFault) {
        guard state == .epilogue else { throw .truncated }
    }

    /// One step from `start`; false when more bytes are needed.
    private mutating func step(_ start: inout Int, _ take: (Event) throws -> Void) throws -> Bool {
        switch state {
        case .preamble:
            guard let found = find(delimiter, from: start) else {
                start = max(start, pending.count - delimiter.count + 1)
                return false
            }
            start = found + delimiter.count
            state = .afterBoundary
        case .afterBoundary:
            return try boundaryTail(&start, take)
        case .headers:
            return try headers(&start, take)
        case .body:
            guard let found = find(delimiter, from: start) else {
                let safe = pending.count - delimiter.count + 1
                if safe > start {
                    try take(.data(Array(pending[start..<safe])))
                    start = safe
                }
                return false
            }
            if found > start { try take(.data(Array(pending[start..<found]))) }
            try take(.ended)
            start = found + delimiter.count
            state = .afterBoundary
        case .epilogue:
            start = pending.count
            return false
        }
        return true
    }

    /// After a boundary: `--` closes the body, a line end (blanks before it allowed) opens a part.
    private mutating func boundaryTail(_ start: inout Int, _ take: (Event) throws -> Void) throws -> Bool {
        while start < pending.count, pending[start] == 0x20 || pending[start] == 0x09 { start += 1 }
        guard pending.count - start >= 2 else { return false }
        switch (pending[start], pending[start + 1]) {
        case (0x2D, 0x2D):
            state = .epilogue
            try take(.finished)
        case (0x0D, 0x0A):
            parts += 1
            guard parts <= partLimit else { throw MultipartFault.tooManyParts }
            state = .headers
        default: throw MultipartFault.malformed
        }
        start += 2
        return true
    }

    private mutating func headers(_ start: inout Int, _ take: (Event) throws -> Void) throws -> Bool {
        guard let end = find([0x0D, 0x0A, 0x0D, 0x0A], from: start) else {
            // The last three may be the beginning of the end.
            guard pending.count - start <= headerLimit + 3 else { throw MultipartFault.header }
            return false
        }
        guard end - start <= headerLimit else { throw MultipartFault.header }
        try take(.began(Self.part(headers: pending[start..<end])))
        start = end + 4
        state = .body
        return true
    }

    /// Reads `Content-Disposition: form-data; name="…"; filename="…"`.
    private static func part(headers: ArraySlice<UInt8>) throws(MultipartFault) -> Part {
        guard let text = String(validating: headers, as: UTF8.self) else { throw .header }
        for line in text.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { throw .header }
            guard line[..<colon].lowercased() == "content-disposition" else { continue }
            let values = parameters(line[line.index(after: colon)...])
            guard let name = values["name"] else { throw .header }
            return Part(name: name, fileName: values["filename"])
        }
        throw .header
    }

    /// `form-data; name="a"; filename="b;c"` → values; `%22`, `%0D`, `%0A` are the escapes browsers use (WHATWG).
    private static func parameters(_ text: Substring) -> [String: String] {
        var values: [String: String] = [:]
        var rest = text[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals].split(separator: ";").last ?? "").trimmingBlanks().lowercased()
            rest = rest[rest.index(after: equals)...]
            let value: Substring
            if rest.first == "\"" {
                rest = rest.dropFirst()
                let close = rest.firstIndex(of: "\"") ?? rest.endIndex
                value = rest[..<close]
                rest = rest[close...].dropFirst()
            } else {
                let close = rest.firstIndex(of: ";") ?? rest.endIndex
                value = rest[..<close]
                rest = rest[close...]
            }
            if values[name] == nil {
                values[name] = String(value.replacing("%22", with: "\"").replacing("%0D", with: "").replacing("%0A", with: ""))
            }
        }
        return values
    }

    /// Where `needle` begins in the pending bytes, at or after `from`.
    private func find(_ needle: [UInt8], from: Int) -> Int? {
        let bytes = pending.span
        let wanted = needle.span
        let last = bytes.count - wanted.count
        var index = from
        while index <= last {
            if bytes[index] == wanted[0] {
                var length = 1
                while length < wanted.count, bytes[index + length] == wanted[length] { length += 1 }
                if length == wanted.count { return index }
            }
            index += 1
        }
        return nil
    }
}
