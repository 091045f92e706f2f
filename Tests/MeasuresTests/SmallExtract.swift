import Cryptography
import Identifiers
import Ledger
import Policy

@testable import Measures

/// An extract made by hand, whose bytes stay, with a key of its own.
enum SmallExtract {
    static let made = ListTown.moment("2026-11-26T09:00:00+08:00")
    static let signer = StatementSigner(origin: "tianzhong.test", topic: "lists", key: .generate())
    static let firm = ListTown.creditCode(21)
    static let other = ListTown.creditCode(22)

    static let extract = ListExtract(
        header: .init(origin: "tianzhong.test", body: "ZMD-SCJG", bodyName: "市市场监督管理局", made: made, hours: 24, snapshot: "1795654800000-7-66c7f0f462eeedd9"),
        lists: [
            .init(code: "market", name: "市场监督管理严重违法失信名单", nature: .seriousDishonesty, isPublic: true, basis: [.init(title: "办法", article: "第二条")]),
            .init(code: "watch", name: "重点关注", nature: .watch, isPublic: false, basis: []),
            .init(code: "red", name: "守信红名单", nature: .red, isPublic: true, basis: []),
        ],
        matters: [
            .init(
                code: "XK-02", name: "告知承诺制审批事项", subjects: [.organisation, .person],
                lists: [
                    .init(
                        list: "market",
                        measures: [.init(code: "RQ-TZ", name: "不适用告知承诺", effect: .administrative, basis: [.init(title: "意见", article: "全文")], departments: ["审批部门"])]),
                    .init(list: "watch", measures: []),
                ]),
            .init(code: "GR-01", name: "只对个人的事项", subjects: [.person], lists: []),
        ],
        organisations: [
            .init(
                code: other, name: "乙\"公司<", others: [],
                entries: [
                    .init(list: "red", decision: "", body: "", reason: "", from: CivilDate(day: 20_000), until: nil, end: made.adding(days: 1)),
                    .init(list: "watch", decision: "注1号", body: "信用中心", reason: "线索", from: made.date, until: made.date, end: nil),
                ]),
            .init(
                code: firm, name: "甲公司", others: [ListTown.registrationNumber(7)],
                entries: [
                    .init(
                        list: "market", decision: "严1号", body: "市场监管局", reason: "虚假\n登记", from: CivilDate(day: 20_500), until: CivilDate(day: 21_000),
                        end: ListTown.moment("2026-11-26T15:30:00+08:00"))
                ]),
        ])

    /// Signed once: a signature has random numbers in it.
    static let note: [UInt8] = signer.map { Array($0.sign(extract.text).description.utf8) } ?? []
    static var reader: ListExtractReader? { signer.map { ListExtractReader(verifier: $0.verifier) } }
}

/// Numbers that come the same each time.
struct Trials: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
