import Identifiers
import Testing

@testable import Policy

/// The bytes of records.
@Suite struct LayoutTests {
    private static func field(_ code: String, _ type: FieldType, role: FieldRole? = nil) -> Field {
        Field(
            code: code, national: nil, name: code, aliases: [], type: type, length: nil, required: false,
            requiredWhen: nil, multiple: false, role: role, sensitivity: .open, checks: [], note: nil)
    }

    private static let fields = [
        field("name", .text, role: .name), field("uscc", .identifier(.unifiedSocialCreditCode), role: .unifiedSocialCreditCode),
        field("text", .text), field("date", .date), field("amount", .decimal(precision: 18, scale: 6)),
        field("count", .integer), field("kind", .code("set")),
    ]
    private static let layout = Layout(fields: fields, businessKey: ["kind", "text"], registers: false)

    @Test("the key comes first, then catalogue order; what only identifies the subject is left out")
    func order() {
        #expect(Self.layout.stored == [6, 2, 3, 4, 5])
        #expect(Self.layout.keyCount == 2)
        #expect(Self.layout.position(ofField: 3) == 2)
        #expect(Self.layout.position(ofField: 0) == nil)
        let registering = Layout(fields: Self.fields, businessKey: ["uscc"], registers: true)
        #expect(registering.stored == [1, 0, 2, 3, 4, 5, 6])
        #expect(registering.keyCount == 1)
        let bySubject = Layout(fields: Self.fields, businessKey: ["uscc"], registers: false)
        #expect(bySubject.keyCount == 0)
        #expect(bySubject.stored == [2, 3, 4, 5, 6])
    }

    @Test("the written form stays as it is: old archives must be read")
    func goldenBytes() throws {
        let amount = try #require(FixedDecimal(units: -3, scale: 6))
        let (payload, keyLength) = try Self.layout.encode([
            .text("罚"), .absent, .date(CivilDate(day: 20_000)), .decimal(amount), .integer(64),
        ])
        #expect(payload == [4, 0xE7, 0xBD, 0x9A, 0, 0xC1, 0xB8, 0x02, 6, 0x81, 0x01])
        #expect(keyLength == 5)
        #expect(try Self.layout.keyLength(of: payload.span) == 5)
    }

    @Test("what is written is read again", arguments: 0..<200)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let values = Self.layout.forms.map { form in Self.value(form, &random) }
        let (payload, keyLength) = try Self.layout.encode(values)
        #expect(try Self.layout.decode(payload) == values)
        #expect(try Self.layout.keyLength(of: payload.span) == keyLength)
        for (position, value) in values.enumerated() {
            #expect(try Self.layout.value(at: position, of: payload.span) == value)
        }
        // Every shortened payload is refused; so is one with a byte more.
        for count in 0..<payload.count {
            #expect(throws: LayoutFault.self) { try Self.layout.decode(Array(payload[..<count])) }
        }
        #expect(throws: LayoutFault.trailing) { try Self.layout.decode(payload + [0]) }
    }

    @Test(
        "the ends of the number range survive",
        arguments: [Int64.min, .min + 1, -1, 0, 1, 63, 64, -64, -65, .max - 1, .max])
    func numbers(number: Int64) throws {
        let layout = Layout(fields: [Self.field("n", .integer)], businessKey: [], registers: false)
        let (payload, _) = try layout.encode([.integer(number)])
        #expect(try layout.decode(payload) == [.integer(number)])
        #expect(payload.count <= 10)
    }

    @Test("random bytes are read or refused, never a crash, and what is read is written alike")
    func randomBytes() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int(random.next() % 24)).map { _ in
                UInt8(truncatingIfNeeded: random.next()) & (random.next() & 1 == 0 ? 0x0F : 0xFF)
            }
            guard let values = try? Self.layout.decode(bytes) else { continue }
            #expect(try Self.layout.encode(values).payload == bytes)
        }
    }

    @Test("values that do not fit the fields are refused")
    func shape() throws {
        let other = try #require(FixedDecimal(units: 1, scale: 2))
        let good: [Layout.Value] = [.text("a"), .text("b"), .absent, .absent, .absent]
        #expect(throws: LayoutFault.shape) { try Self.layout.encode(Array(good.dropLast())) }
        #expect(throws: LayoutFault.shape) { try Self.layout.encode([.integer(1)] + good.dropFirst()) }
        #expect(throws: LayoutFault.shape) { try Self.layout.encode(good[..<3] + [.decimal(other), .absent]) }
        #expect(throws: LayoutFault.shape) { try Self.layout.value(at: 9, of: [UInt8]().span) }
    }

    @Test("a text that is not UTF-8 and a number of eleven bytes are refused")
    func damaged() {
        let text = Layout(fields: [Self.field("t", .text)], businessKey: [], registers: false)
        #expect(throws: LayoutFault.text) { try text.decode([2, 0xFF]) }
        #expect(throws: LayoutFault.truncated) { try text.decode([9, 0x41]) }
        #expect(throws: LayoutFault.number) { try text.decode([0x80, 0]) }
        let number = Layout(fields: [Self.field("n", .integer)], businessKey: [], registers: false)
        #expect(throws: LayoutFault.number) { try number.decode(Array(repeating: 0x80, count: 10) + [1]) }
        let date = Layout(fields: [Self.field("d", .date)], businessKey: [], registers: false)
        #expect(throws: LayoutFault.number) { try date.decode([0xFF, 0xFF, 0xFF, 0xFF, 0x7F]) }
    }

    private static func value(_ form: Layout.Form, _ random: inout SplitMix) -> Layout.Value {
        if random.next() % 5 == 0 { return .absent }
        let number = Int64(bitPattern: random.next()) >> Int64(random.next() % 64)
        switch form {
        case .text:
            let pieces = ["", "罚款", "a", "驻马店市市场监督管理局", "\u{1F600}", "；", String(repeating: "长", count: 60)]
            return .text((0..<Int(random.next() % 4)).map { _ in pieces[Int(random.next() % 7)] }.joined())
        case .date: return .date(CivilDate(day: Int32(truncatingIfNeeded: number)))
        case .decimal(let scale): return FixedDecimal(units: number, scale: scale).map { .decimal($0) } ?? .absent
        case .integer: return .integer(number)
        }
    }
}

/// A small seeded generator, so that failures repeat.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
