package import Archive
package import Evaluation
package import Identifiers
package import Intake
package import Policy
internal import Registry
internal import Synchronization

/// A listing with whom it is about.
package struct ListedSubject: Sendable {
    package let listing: Listing
    package let subject: SubjectSummary
}

/// Who is on which list, over the whole city: what list pages and extracts show. Folded subject by subject from the same histories that
/// every other view is, and kept until deliveries or steps that concern lists come; what is in force at a moment is asked of each listing then.
package final class ListingBook: Sendable {
    private struct Kept {
        var marks: ListingMarks
        var subjects: [RegistryKey: [ListedSubject]]
    }

    private let reader: SubjectReader
    private let kept = Mutex<Kept?>(nil)

    package init(reader: SubjectReader) { self.reader = reader }

    /// The organisations that the public may see on lists at a moment, by the list's code, the latest first. Lists that are not public, or
    /// have no basis in force that day, are not there.
    package func published(at now: Instant) throws -> [String: [ListedSubject]] {
        let open = Set(reader.book.lists(on: now.date).filter(\.isPublic).map(\.code))
        let shown = try all(at: now).filter { entry in
            open.contains(entry.listing.list) && entry.subject.kind == .organisation && entry.listing.isInForce(at: now)
                && entry.listing.published.map { $0 <= now.date } ?? false
        }
        return Dictionary(grouping: shown, by: \.listing.list).mapValues { entries in
            entries.sorted { one, two in (two.listing.from, one.subject.name) < (one.listing.from, two.subject.name) }
        }
    }

    /// The organisations on some lists, public or not, each with its listings that are in force at a moment or begin before another. Each is folded
    /// now: what is kept here may have an older name or lack a code that was registered since.
    package func organisations(on lists: Set<String>, at now: Instant, before end: Instant) throws -> [(subject: SubjectSummary, listings: [Listing])] {
        func counts(_ listing: Listing) -> Bool {
            guard lists.contains(listing.list) else { return false }
            switch listing.state(at: now) {
            case .inForce: return true
            case .notYet: return Instant(startOf: listing.from) < end
            case .expired, .ended: return false
            }
        }
        let keys = Set(try all(at: now).filter { $0.subject.kind == .organisation && counts($0.listing) }.map(\.subject.key))
        var found: [SubjectKey: (subject: SubjectSummary, listings: [Listing])] = [:]
        for key in keys {
            guard let (subject, listings) = try self.listings(of: key, at: now), subject.kind == .organisation else { continue }
            let counted = listings.all.filter(counts)
            if !counted.isEmpty { found[subject.key] = (subject, counted) }
        }
        return Array(found.values)
    }

    /// The listings of one subject, of every list, ended ones too; folded now.
    package func listings(of subject: SubjectKey, at now: Instant) throws -> (subject: SubjectSummary, listings: Listings)? {
        guard let file = try reader.file(of: subject, at: Clocks(asOf: now.date, knownAt: now)) else { return nil }
        return (file.subject, try listings(in: file, knownAt: now))
    }

    /// The published listings in force of an organisation, at the clocks of its file: what its public page shows.
    package func published(of file: SubjectFile, at clocks: Clocks) throws -> [(list: ListKind, listing: Listing)] {
        guard file.subject.kind == .organisation else { return [] }
        // A day of the past is asked for as it ended; today as it is now.
        let moment = clocks.asOf == clocks.knownAt.date ? clocks.knownAt : Instant(endOf: clocks.asOf)
        return try listings(in: file, knownAt: clocks.knownAt).inForce(at: moment).compactMap { listing in
            guard let list = reader.book.list(listing.list, on: moment.date), list.isPublic, listing.published.map({ $0 <= moment.date }) ?? false else { return nil }
            return (list, listing)
        }
    }

    private func listings(in file: SubjectFile, knownAt: Instant) throws -> Listings {
        let codes = Set(reader.book.lists.flatMap(\.resources))
        let records = try file.records(of: file.lines.filter { codes.contains(file.resources[Int($0.resource)].code) })
        let steps = try reader.directory.registry.listings.steps(of: [RegistryKey(file.subject.key)], knownAt: knownAt)
        return Listings(
            records.map(ListedRecord.init), steps: steps, kind: file.subject.kind, book: reader.book)
    }

    private func all(at now: Instant) throws -> [ListedSubject] {
        let registry = reader.directory.registry.listings
        let marks = try registry.marks()
        return try kept.withLock { kept in
            // A new day lets records become effective that were delivered ahead.
            var marks = marks
            marks.day = now.date
            if let kept, kept.marks == marks { return kept.subjects.values.flatMap(\.self) }
            var fresh = kept.flatMap { $0.marks.withdrawn == marks.withdrawn && $0.marks.day == marks.day ? $0 : nil } ?? Kept(marks: ListingMarks(), subjects: [:])
            for key in try registry.subjects(after: fresh.marks) {
                fresh.subjects[key] = nil
                guard let found = try listings(of: SubjectKey(key), at: now) else { continue }
                // A listing under another of its keys is the same subject's.
                fresh.subjects[RegistryKey(found.subject.key)] = found.listings.all.map { ListedSubject(listing: $0, subject: found.subject) }
            }
            fresh.marks = marks
            kept = fresh
            return fresh.subjects.values.flatMap(\.self)
        }
    }
}

extension FactRecord {
    /// A record of a file, its values read already.
    init(_ record: CreditRecord) {
        self.init(id: record.id, resource: record.resource, effective: record.entry.effective, payload: record.entry.payload, values: record.values)
    }
}

extension ListedRecord {
    /// A record of a file, its values read already.
    init(_ record: CreditRecord) { self.init(id: record.id, resource: record.resource, effective: record.entry.effective, values: record.values, earlier: record.superseded) }
}
