package import Identifiers

/// A step of putting a subject on a list or taking it off (名单认定). The raw value is what the registry keeps.
package enum ListingStepKind: String, Sendable, CaseIterable {
    /// 事先告知: facts, basis, and the right to be heard.
    case notice
    /// 陈述申辩: what the subject said, or that it gave the right up.
    case statement
    /// 决定.
    case decision
    /// 列入.
    case entry
    /// 公示.
    case publication
    /// 移出, before the term is over.
    case removal
    /// The procedure ended without an entry.
    case closure

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .notice: "事先告知"
        case .statement: "陈述申辩"
        case .decision: "决定"
        case .entry: "列入"
        case .publication: "公示"
        case .removal: "移出"
        case .closure: "终止"
        }
    }
}

/// Why a listing ended before its term. The raw value is what the registry keeps.
package enum RemovalGround: String, Sendable, CaseIterable {
    case repair, revocation, fulfilment

    /// Chinese name, as pages show it.
    package var name: String {
        switch self {
        case .repair: "信用修复"
        case .revocation: "撤销原决定"
        case .fulfilment: "义务履行完毕"
        }
    }
}

/// One step, kept for good: what was done on which day, by which document, and who entered it when.
package struct ListingStep: Sendable, Hashable {
    /// Its place, given by the registry.
    package var number: Int64 = 0
    /// Number of the first step of the procedure; 0 for the first itself until it is kept.
    package var procedure: Int64
    /// Code of the list.
    package var list: String
    package var subject: RegistryKey
    /// The delivered record that a removal is about, as its id is written; nil where the platform's own procedure made the entry.
    package var record: String?
    package var kind: ListingStepKind
    /// The day on which it was done.
    package var day: CivilDate
    /// Number of the document; empty where the step has none.
    package var document: String
    /// Facts of a notice, a statement's content, reasons of a decision.
    package var text: String
    package var ground: RemovalGround?
    /// Login and body of who entered it.
    package var actor: String
    package var body: String
    package var at: Instant

    package init(
        procedure: Int64 = 0, list: String, subject: RegistryKey, record: String? = nil, kind: ListingStepKind, day: CivilDate, document: String = "",
        text: String = "", ground: RemovalGround? = nil, actor: String, body: String, at: Instant
    ) {
        self.procedure = procedure
        self.list = list
        self.subject = subject
        self.record = record
        self.kind = kind
        self.day = day
        self.document = document
        self.text = text
        self.ground = ground
        self.actor = actor
        self.body = body
        self.at = at
    }
}
