import Identifiers
import Tables

/// The CSV bytes of one delivery, made while they are read.
///
/// Every row has the same width for its kind of subject, so making one is copying a line and filling in its places.
final class ScaleStream: ByteSource {
    private let delivery: ScaleDelivery
    private let city: ScaleCity
    private let header: [UInt8]
    private let person: Line
    private let organisation: Line
    private let subjects: Range<Int>
    private var row = -1
    /// Told when the last row has been given.
    private let onEnd: @Sendable () -> Void

    /// Shares no factor with the numbers of subjects in use, so that a round meets each of them once.
    private static let step = 7_368_787

    init(_ delivery: ScaleDelivery, city: ScaleCity, onEnd: @escaping @Sendable () -> Void = {}) {
        self.delivery = delivery
        self.city = city
        self.onEnd = onEnd
        header = Array(delivery.content.header.utf8)
        subjects = delivery.content.subjects(city)
        let day = Self.periodEnd(delivery)
        person = Line(delivery.content.line(day: day, forPerson: true))
        organisation = Line(delivery.content.line(day: day, forPerson: false))
    }

    /// Half-years from 2022 on, so that years differ.
    private static func periodEnd(_ delivery: ScaleDelivery) -> String {
        "\(2022 + delivery.round / 2)-\(delivery.round % 2 == 0 ? "06-30" : "12-31")"
    }

    /// About the size of the whole file.
    var size: Int64 { Int64(header.count + delivery.rows * max(person.bytes.count, organisation.bytes.count)) }

    /// The subject of a row, from 0.
    func subject(ofRow row: Int) -> Int {
        subjects.lowerBound + (delivery.first + row) * Self.step % subjects.count
    }

    func read(into buffer: inout [UInt8], at offset: Int) throws(TableFault) -> Int {
        var place = offset
        var bytes = buffer.mutableSpan
        if row < 0 {
            for byte in header {
                bytes[place] = byte
                place += 1
            }
            row = 0
        }
        let longest = max(person.bytes.count, organisation.bytes.count)
        while row < delivery.rows, bytes.count - place >= longest {
            let subject = subject(ofRow: row)
            let line = subject < city.persons ? person : organisation
            line.copy(to: &bytes, at: place)
            city.write(subject, to: &bytes, at: place + line.identifier)
            line.fill(&bytes, at: place, subject: subject, row: row)
            place += line.bytes.count
            row += 1
        }
        if place == offset { onEnd() }
        return place - offset
    }

    /// A line and its places.
    private struct Line {
        let bytes: [UInt8]
        let identifier: Int
        private let number: Int?
        private let amounts: [Int]
        private let paper: Int?

        init(_ text: String) {
            bytes = Array(text.utf8)
            identifier = bytes.firstIndex(of: UInt8(ascii: "@")) ?? 0
            number = bytes.firstIndex(of: UInt8(ascii: "#"))
            let dollar = UInt8(ascii: "$")
            let all = bytes
            amounts = all.indices.filter { all[$0] == dollar && all[$0 - 1] == UInt8(ascii: ",") }
            paper = bytes.firstIndex(of: UInt8(ascii: "&"))
        }

        @inline(__always)
        func copy(to target: inout MutableSpan<UInt8>, at place: Int) {
            for index in bytes.indices { target[place + index] = bytes[index] }
        }

        @inline(__always)
        func fill(_ target: inout MutableSpan<UInt8>, at place: Int, subject: Int, row: Int) {
            if let number { Self.digits(subject + 1, 9, &target, place + number) }
            if let paper { Self.digits(row % 1000, 3, &target, place + paper) }
            guard !amounts.isEmpty else { return }
            let cents = 10_000 + (subject &* 7919 &+ row) % 80_000
            for amount in amounts {
                Self.digits(cents / 100, 3, &target, place + amount)
                Self.digits(cents % 100, 2, &target, place + amount + 4)
            }
        }

        @inline(__always)
        private static func digits(_ number: Int, _ count: Int, _ target: inout MutableSpan<UInt8>, _ place: Int) {
            var rest = UInt32(truncatingIfNeeded: number)
            for index in stride(from: count - 1, through: 0, by: -1) {
                target[place + index] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            }
        }
    }
}
