package import Archive
internal import Dispatch
internal import Feel
internal import Identifiers
package import Policy
package import Registry
internal import Synchronization

/// What a draft of the policy book would change, over the whole city and without touching it (影响试算): who enters, who leaves, whose
/// outcome changes, list by list and rule by rule.
package struct WhatIf: Sendable {
    /// What came of one list or rule.
    package struct Line: Sendable {
        /// 名单 or 规则.
        package let what: String
        /// Code of the list or rule.
        package let code: String
        package let title: String
        /// Subjects on the list, or of whom the rule is met, before and after.
        package internal(set) var before = 0
        package internal(set) var after = 0
        package internal(set) var entering = 0
        package internal(set) var leaving = 0
        /// Subjects whose case an official must judge, before and after.
        package internal(set) var manualBefore = 0
        package internal(set) var manualAfter = 0
        /// Entering and leaving organisations by what they are told apart by and its code; nil where it is not known, and for persons.
        package internal(set) var moves: [Aspect: [String?: Move]] = [:]
        /// Some organisations that enter or leave. Persons are counted only.
        package internal(set) var samples: [Sample] = []

        package var isChanged: Bool { entering > 0 || leaving > 0 || manualBefore != manualAfter }
    }

    /// What organisations are told apart by.
    package enum Aspect: Sendable, CaseIterable {
        /// County.
        case region
        /// Section of GB/T 4754.
        case industry
        /// Kind of organisation.
        case category
    }

    package struct Move: Sendable, Hashable {
        package internal(set) var entering = 0
        package internal(set) var leaving = 0
    }

    package struct Sample: Sendable, Hashable {
        package let name: String
        package let code: String?
        package let isEntering: Bool
    }

    /// Lists first, then rules; those of either book.
    package private(set) var lines: [Line] = []
    /// Subjects that have a record or step that either book looks at.
    package private(set) var subjects = 0
    /// Entries read.
    package private(set) var entries = 0

    static let sampleLimit = 5
}

extension WhatIf {
    /// - Parameters:
    ///   - clocks: of which day and knowledge.
    ///   - workers: threads that read side by side.
    package init(
        from book: PolicyBook, to draft: PolicyBook, archive: RocksArchive, registry: Registry, times: some DeliveryTimes, at clocks: Clocks, workers: Int
    ) throws {
        let pass = try Pass(book, draft, registry, at: clocks)
        let parts = max(1, workers) * 8
        let shares = Mutex<[Result<Share, any Error>]>([])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let found = Result { try pass.sweep(archive, times, part: part, of: parts) }
            shares.withLock { $0.append(found) }
        }
        var total = Share(pass)
        for share in shares.withLock({ $0 }) { total.add(try share.get()) }
        // Those known under several identifiers have their entries in several places.
        for (main, keys) in pass.joined {
            let entries = try archive.history(of: keys).entries.filter { pass.resources.contains($0.resource) }
            if !entries.isEmpty || pass.steps[main] != nil { try pass.judge(main, entries, times, &total) }
        }
        for subject in pass.steps.keys where !total.seen.contains(subject) { try pass.judge(subject, [], times, &total) }
        try pass.judgeOthers(&total)
        subjects = total.seen.count
        entries = total.entries
        lines = total.lines
    }
}

/// One worker's share of a pass.
private struct Share {
    var lines: [WhatIf.Line]
    var seen: Set<SubjectKey> = []
    var entries = 0

    init(_ pass: Pass) { lines = pass.items.map { WhatIf.Line(what: $0.what, code: $0.code, title: $0.title) } }

    mutating func add(_ other: Share) {
        for (index, line) in other.lines.enumerated() {
            lines[index].before += line.before
            lines[index].after += line.after
            lines[index].entering += line.entering
            lines[index].leaving += line.leaving
            lines[index].manualBefore += line.manualBefore
            lines[index].manualAfter += line.manualAfter
            for (aspect, moves) in line.moves {
                for (code, move) in moves { lines[index].moves[aspect, default: [:]][code, default: .init()].add(move) }
            }
            lines[index].samples += line.samples.prefix(max(0, WhatIf.sampleLimit - lines[index].samples.count))
        }
        seen.formUnion(other.seen)
        entries += other.entries
    }
}

extension WhatIf.Move {
    fileprivate mutating func add(_ other: WhatIf.Move) {
        entering += other.entering
        leaving += other.leaving
    }
}

/// Both books made ready, and what the registry knows of the city.
private struct Pass: Sendable {
    /// One book: what it folds, and where its lists and rules stand among the items.
    struct Side: Sendable {
        let plan: FactPlan
        let board: RuleBoard
        let listPlaces: [String: Int]
        let rulePlaces: [Int]
    }

    let items: [(what: String, code: String, title: String)]
    let before: Side
    let after: Side
    let resources: Set<UInt16>
    let clocks: Clocks
    let organisations: [SubjectKey: PlacedOrganisation]
    let joined: [SubjectKey: [SubjectKey]]
    private let apart: Set<SubjectKey>
    let steps: [SubjectKey: [ListingStep]]

    init(_ book: PolicyBook, _ draft: PolicyBook, _ registry: Registry, at clocks: Clocks) throws {
        self.clocks = clocks
        var items: [(what: String, code: String, title: String)] = []
        for list in draft.lists + book.lists where !items.contains(where: { $0.code == list.code }) { items.append(("名单", list.code, list.name)) }
        let rules = draft.rules(on: clocks.asOf) + book.rules(on: clocks.asOf)
        for rule in rules where !items.contains(where: { $0.what == "规则" && $0.code == rule.code }) { items.append(("规则", rule.code, rule.title)) }
        self.items = items
        func side(_ book: PolicyBook) -> Side {
            let board = RuleBoard(book, on: clocks.asOf)
            return Side(
                plan: FactPlan(book, on: clocks.asOf), board: board,
                listPlaces: Dictionary(items.enumerated().filter { $0.element.what == "名单" }.map { ($0.element.code, $0.offset) }) { first, _ in first },
                rulePlaces: board.rules.map { rule in items.firstIndex { $0.what == "规则" && $0.code == rule.code } ?? 0 })
        }
        (before, after) = (side(book), side(draft))
        resources = before.plan.resources.union(after.plan.resources)
        var organisations: [SubjectKey: PlacedOrganisation] = [:]
        try registry.organisations.forEachPlace { organisations[SubjectKey(high: $0.key.high, low: $0.key.low)] = $0 }
        self.organisations = organisations
        var joined: [SubjectKey: [SubjectKey]] = [:]
        var apart: Set<SubjectKey> = []
        try registry.aliases.forEach { alias in
            let main = SubjectKey(high: alias.alias.subject.high, low: alias.alias.subject.low)
            let other = SubjectKey(high: alias.alias.identifier.high, low: alias.alias.identifier.low)
            if apart.insert(other).inserted { joined[main, default: [main]].append(other) }
            apart.insert(main)
        }
        self.joined = joined
        self.apart = apart
        steps = Dictionary(grouping: try registry.listings.all(knownAt: clocks.knownAt)) { SubjectKey(high: $0.subject.high, low: $0.subject.low) }
    }

    /// Judges the subjects of one range of keys.
    func sweep(_ archive: RocksArchive, _ times: some DeliveryTimes, part: Int, of parts: Int) throws -> Share {
        var share = Share(self)
        let width = UInt64.max / UInt64(parts)
        let range = SubjectKey(high: UInt64(part) * width, low: 0)...SubjectKey(high: part == parts - 1 ? .max : UInt64(part + 1) * width - 1, low: .max)
        var here: SubjectKey?
        var entries: [Entry] = []
        func flush() throws {
            defer { entries.removeAll(keepingCapacity: true) }
            guard let subject = here, !entries.isEmpty, !apart.contains(subject) else { return }
            try judge(subject, entries, times, &share)
        }
        try archive.scanPages(range) { key, page in
            if key.subject != here {
                try flush()
                here = key.subject
            }
            var cursor = EntryCursor()
            while let head = try cursor.next(in: page) {
                share.entries += 1
                if resources.contains(head.resource) { entries.append(head.entry(in: page)) }
            }
        }
        try flush()
        return share
    }

    func judge(_ subject: SubjectKey, _ entries: [Entry], _ times: some DeliveryTimes, _ share: inout Share) throws {
        share.seen.insert(subject)
        let records = History(subject: [subject], entries: entries).records(at: clocks, times: times)
        let kind: SubjectKind = organisations[subject] == nil ? .person : .organisation
        let old = try outcome(records, subject, kind, before)
        let new = try outcome(records, subject, kind, after)
        take(subject, old, new, &share)
    }

    /// 0 no, 1 met or listed, 2 for an official; an item each.
    private func outcome(_ records: [FoldedRecord], _ subject: SubjectKey, _ kind: SubjectKind, _ side: Side) throws -> [UInt8] {
        var outcome = [UInt8](repeating: 0, count: items.count)
        let book = side.plan.book
        var listed: [ListedRecord] = []
        var facts: [FactRecord] = []
        for record in records {
            let entry = record.current
            guard let resource = book.resource(number: entry.resource, version: entry.version) else { continue }
            let values = side.plan.listResources.contains(entry.resource) ? try resource.layout.decode(entry.payload) : nil
            facts.append(FactRecord(id: entry.record, resource: resource, effective: entry.effective, payload: entry.payload, values: values))
            if let values { listed.append(ListedRecord(id: entry.record, resource: resource, effective: entry.effective, values: values, earlier: record.superseded.map(\.record))) }
        }
        let listings = Listings(listed, steps: steps[subject] ?? [], kind: kind, book: book).inForce(at: clocks.knownAt)
        for listing in listings { if let place = side.listPlaces[listing.list] { outcome[place] = 1 } }
        let known = try side.plan.facts(of: facts, listings: listings).values
        for (place, finding) in zip(side.rulePlaces, side.board.judge(known, kind: kind)) { outcome[place] = finding.outcome.rawValue }
        return outcome
    }

    private func take(_ subject: SubjectKey, _ old: [UInt8], _ new: [UInt8], _ share: inout Share) {
        let organisation = organisations[subject]
        for place in items.indices where old[place] | new[place] != 0 {
            let (was, isNow) = (old[place] == 1, new[place] == 1)
            if was { share.lines[place].before += 1 }
            if isNow { share.lines[place].after += 1 }
            if old[place] == 2 { share.lines[place].manualBefore += 1 }
            if new[place] == 2 { share.lines[place].manualAfter += 1 }
            guard was != isNow else { continue }
            let move = WhatIf.Move(entering: isNow ? 1 : 0, leaving: was ? 1 : 0)
            share.lines[place].entering += move.entering
            share.lines[place].leaving += move.leaving
            for aspect in WhatIf.Aspect.allCases { share.lines[place].moves[aspect, default: [:]][organisation?.code(of: aspect), default: .init()].add(move) }
            if let organisation, share.lines[place].samples.count < WhatIf.sampleLimit {
                share.lines[place].samples.append(.init(name: organisation.name, code: organisation.code, isEntering: isNow))
            }
        }
    }

    /// Organisations without any record that counts: all alike, so judged once.
    func judgeOthers(_ share: inout Share) throws {
        // Nothing in any archive bears this key, and steps neither.
        let nobody = SubjectKey(high: 0, low: 0)
        let old = try outcome([], nobody, .organisation, before)
        let new = try outcome([], nobody, .organisation, after)
        guard old.contains(where: { $0 != 0 }) || new.contains(where: { $0 != 0 }) else { return }
        for subject in organisations.keys where !share.seen.contains(subject) { take(subject, old, new, &share) }
    }
}

extension PlacedOrganisation {
    fileprivate func code(of aspect: WhatIf.Aspect) -> String? {
        switch aspect {
        case .region: region
        case .industry: industry
        case .category: category
        }
    }
}
