/// The text that a leaf of a log commits to: its form's name, then a line for each value, in the order in which they are put in.
package struct LeafText: Sendable {
    /// In UTF-8: one is on the way of every look, within a few dozen microseconds.
    package private(set) var bytes: [UInt8]

    /// - Parameter form: name and version of the form, such as `tianzhong-access-event-v1`.
    package init(_ form: String) {
        bytes = Array(form.utf8)
        bytes.reserveCapacity(512)
        bytes.append(UInt8(ascii: "\n"))
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Adds a line. A line end in a value would let two leaves have one text, and so would two ways of writing one.
    package mutating func add(_ name: String, _ value: String) {
        bytes += name.utf8
        bytes += [UInt8(ascii: ":"), UInt8(ascii: " ")]
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
