import Hummingbird
import HummingbirdCore
import NIOCore

/// A JSON object written straight to bytes, member by member, for the answers that are asked for most often.
struct JSONBytes {
    private(set) var bytes: [UInt8] = []
    /// Whether the next member follows another.
    private var follows = false

    init() { bytes.reserveCapacity(4096) }

    /// Writes an object, or with a name a member that is one.
    mutating func object(_ name: StaticString? = nil, _ body: (inout JSONBytes) -> Void) {
        begin(name)
        enclosed(by: UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// Writes a member that is a list; `body` writes its objects.
    mutating func list(_ name: StaticString, _ body: (inout JSONBytes) -> Void) {
        begin(name)
        enclosed(by: UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// Writes a member; none for nil.
    mutating func member(_ name: StaticString, _ text: String?) {
        guard let text else { return }
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        append(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a member that is one text and another behind it.
    mutating func member(_ name: StaticString, _ text: String, _ rest: String) {
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        append(text)
        append(rest)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a member; none for nil.
    mutating func member(_ name: StaticString, _ number: Int?) {
        guard let number else { return }
        begin(name)
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Writes a member that is a list of numbers.
    mutating func member(_ name: StaticString, _ numbers: [UInt32]) {
        begin(name)
        bytes.append(contentsOf: "[\(numbers.map(String.init).joined(separator: ","))]".utf8)
    }

    private mutating func enclosed(by open: UInt8, _ close: UInt8, _ body: (inout JSONBytes) -> Void) {
        bytes.append(open)
        follows = false
        body(&self)
        bytes.append(close)
        follows = true
    }

    private mutating func begin(_ name: StaticString?) {
        if follows { bytes.append(UInt8(ascii: ",")) }
        follows = true
        guard let name else { return }
        bytes.append(UInt8(ascii: "\""))
        append(name.description)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: String) {
        for byte in text.utf8 {
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                bytes.append(byte)
            } else {
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
    }
}

extension Response {
    /// An object as JSON.
    init(json bytes: ByteBuffer) {
        self.init(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: bytes))
    }
}
