package import Identifiers
internal import Policy

/// What an extract says of an organisation in a matter. It never says 可办理: an extract knows lists only, and only up to its moment.
package enum OfflineVerdict: String, Sendable, CaseIterable {
    /// 未命中: on none of the lists that the extract holds, or only on favourable ones.
    case unlisted
    /// 需关注: on a list from which no restriction follows in the matter.
    case attention
    /// 依法限制: on a list from which a restriction follows in the matter.
    case restricted

    /// Chinese name, as the hall's page shows it.
    package var name: String {
        switch self {
        case .unlisted: "未命中（离线）"
        case .attention: "需关注（离线）"
        case .restricted: "依法限制（离线）"
        }
    }
}

/// One listing that a question hit offline.
package struct OfflineHit: Sendable, Hashable {
    package let list: ListExtract.List
    package let entry: ListExtract.Entry
    /// Those of the matter only.
    package let measures: [ApplicableMeasure]
}

/// The answer to one question to an extract.
package struct OfflineAnswer: Sendable, Hashable {
    /// Said with every answer.
    package static let advice = "离线结论只看摘录里的名单，须联网后补核查；是否适用由承办人依法决定并记录。"

    package let verdict: OfflineVerdict
    package let summary: String
    package let matter: ListExtract.Matter
    /// The code as it was looked up.
    package let code: String
    /// Nil where the extract does not have the code.
    package let organisation: ListExtract.Organisation?
    package let hits: [OfflineHit]
    /// How old the extract was.
    package let age: ExtractAge
}

/// How old an extract is.
package struct ExtractAge: Sendable, Hashable, CustomStringConvertible {
    /// Whole minutes since it was made.
    package let minutes: Int

    /// `3 小时 20 分`.
    package var description: String { "\(minutes / 60) 小时 \(minutes % 60) 分" }
}

extension ListExtract {
    /// A clock of the hall may be so many minutes behind the platform's.
    static let clockTolerance = 5

    /// How old the extract is.
    /// - Throws: where it is too old to be used, or the clock is wrong.
    package func age(at now: Instant) throws(ListExtractFault) -> ExtractAge {
        guard now.milliseconds >= header.made.milliseconds - Int64(Self.clockTolerance) * 60_000 else { throw .fromFuture }
        guard now < header.end else { throw .expired(header.hours) }
        return ExtractAge(minutes: Int(max(0, now.milliseconds - header.made.milliseconds) / 60_000))
    }

    /// What the extract says of a code in a matter at a moment.
    package func verdict(_ matter: String, code typed: String, at now: Instant) throws(ListExtractFault) -> OfflineAnswer {
        let age = try age(at: now)
        guard let matter = matters.first(where: { $0.code == matter }) else { throw .noMatter(matter) }
        guard matter.subjects.contains(.organisation) else { throw .notForOrganisations }
        let code = try Self.code(typed, on: now.date)
        let organisation = organisation(code)
        if organisation == nil, Self.mayBePerson(Array(code.text.description.utf8), on: now.date) { throw .person }
        let hits = organisation.map { self.hits(of: $0, in: matter, at: now) } ?? []
        let against = hits.filter { !$0.list.isFavourable }
        let isRestricted = against.contains { $0.measures.contains { $0.effect.restricts } }
        let verdict: OfflineVerdict = isRestricted ? .restricted : against.isEmpty ? .unlisted : .attention
        return OfflineAnswer(
            verdict: verdict, summary: Self.summary(verdict, hits, against), matter: matter, code: code.text.description, organisation: organisation,
            hits: hits, age: age)
    }

    /// The organisation that a code belongs to, its own or another of its codes.
    private func organisation(_ code: Identifier) -> Organisation? {
        let text = code.text.description
        return organisations.first { $0.code == text } ?? organisations.first { $0.others.contains(text) }
    }

    private func hits(of organisation: Organisation, in matter: Matter, at now: Instant) -> [OfflineHit] {
        organisation.entries.compactMap { entry in
            guard entry.isInForce(at: now), let consequence = matter.lists.first(where: { $0.list == entry.list }),
                let list = lists.first(where: { $0.code == entry.list })
            else { return nil }
            return OfflineHit(list: list, entry: entry, measures: consequence.measures)
        }
    }

    private static func code(_ typed: String, on today: CivilDate) throws(ListExtractFault) -> Identifier {
        let bytes = Array(typed.utf8)
        guard let identifier = Identifier.recognise(bytes.span, on: today) else {
            guard !mayBePerson(bytes.filter { $0 != 0x20 }, on: today) else { throw .person }
            // The likeliest slip of the pen is told by what the code is meant to be.
            if case .wrong(let fault) = Identifier.assess(bytes.span, as: .unifiedSocialCreditCode, on: today), fault != .length {
                throw .wrongCode(fault.message, cure: fault.cure)
            }
            throw .noCode
        }
        if identifier.kind == .passport, !isPassport(Array(identifier.text.description.utf8)) {
            // Any nine letters and digits may be some country's passport; here they are rather an organisation's code with a slip.
            if case .wrong(let fault) = Identifier.assess(bytes.span, as: .organisationCode, on: today), fault != .length {
                throw .wrongCode(fault.message, cure: fault.cure)
            }
            throw .noCode
        }
        guard identifier.kind.subjectKind == .organisation else { throw .person }
        return identifier
    }

    /// The forms of China's passports: a letter and seven or eight digits, or E, a letter and seven digits.
    private static func isPassport(_ text: [UInt8]) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
        let letters = text.prefix(while: isLetter).count
        return text.dropFirst(letters).allSatisfy { (0x30...0x39).contains($0) }
            && (letters == 1 && (8...9).contains(text.count) || letters == 2 && text[0] == UInt8(ascii: "E") && text.count == 9)
    }

    /// Whether what passes for an organisation's code, or for nothing, may be a citizen's number: a tenth of the old ones of 15 digits pass, and of
    /// those of 18 with a slip in them every thirty-first. The last character is left aside.
    private static func mayBePerson(_ text: [UInt8], on today: CivilDate) -> Bool {
        var text = text
        if text.count == 18, let check = Identifier.checkCharacter(forCitizenNumber: text.span) { text[17] = check }
        return Identifier.assess(text.span, as: .citizenNumber, on: today).identifier != nil
    }

    private static func summary(_ verdict: OfflineVerdict, _ hits: [OfflineHit], _ against: [OfflineHit]) -> String {
        let names = against.map(\.list.name).distinct.joined(separator: "、")
        return switch verdict {
        case .restricted: "命中\(names)，有适用于本事项的措施"
        case .attention: "命中\(names)，没有限制本事项的措施，请承办人关注"
        case .unlisted where hits.isEmpty: "摘录中没有命中；不等于没有不利信息"
        case .unlisted: "摘录中没有不利名单；在守信红名单上，不等于没有不利信息"
        }
    }
}
