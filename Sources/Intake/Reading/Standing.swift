internal import Archive
package import Identifiers
package import Policy

/// 信用状态: what a subject's file comes to at two clocks, in counts that each open to their records.
///
/// Folded from heads of entries: no record's values are read.
package struct Standing: Sendable {
    /// Counts of some lines of the file.
    package struct Count: Sendable, Hashable {
        /// Records in force.
        package var records = 0
        /// Earlier versions that they replaced.
        package var superseded = 0
        /// Deliveries of the same once more.
        package var repeats = 0
        /// Those in force whose identifier was usable but doubtful (疑问).
        package var doubtful = 0
        /// The first and the latest effective date of those in force; nil where none has one.
        package var first: CivilDate?
        package var latest: CivilDate?

        package init() {}

        mutating func add(_ line: CreditLine) {
            records += 1
            superseded += line.superseded
            repeats += line.repeats
            if line.doubtful { doubtful += 1 }
            guard let day = line.effective else { return }
            first = first.map { min($0, day) } ?? day
            latest = latest.map { max($0, day) } ?? day
        }

        mutating func add(_ other: Count) {
            records += other.records
            superseded += other.superseded
            repeats += other.repeats
            doubtful += other.doubtful
            first = [first, other.first].compactMap(\.self).min()
            latest = [latest, other.latest].compactMap(\.self).max()
        }
    }

    /// The records of one resource, whatever its version.
    package struct ResourceCount: Sendable {
        package let code: String
        /// Name in the newest version that a record is of.
        package let name: String
        /// Class of the national basic catalogue.
        package let basicClass: Int
        package let count: Count
    }

    /// The records of one class of the national basic catalogue.
    package struct ClassCount: Sendable {
        package let number: Int
        package let count: Count
    }

    package let total: Count
    /// By code; those with records only.
    package let resources: [ResourceCount]
    /// By number; those with records only.
    package let classes: [ClassCount]
    /// Deliveries that brought the records in force.
    package let deliveries: Int
    /// Bodies that delivered them.
    package let providers: Int

    /// - Parameters:
    ///   - lines: which lines count; nil for all of the file.
    ///   - admits: which resources count; an audience may not see all.
    package init(_ file: SubjectFile, of lines: [CreditLine]? = nil, admits: (Resource) -> Bool = { _ in true }) {
        let admitted = file.resources.map(admits)
        var counts = [Count](repeating: Count(), count: file.resources.count)
        var deliveries: Set<UInt32> = []
        var last: UInt32?
        for line in lines ?? file.lines where admitted[Int(line.resource)] {
            counts[Int(line.resource)].add(line)
            if line.id.delivery != last { deliveries.insert(line.id.delivery) }
            last = line.id.delivery
        }
        self.deliveries = deliveries.count
        providers = Set(deliveries.compactMap(file.provider)).count
        var byResource: [UInt16: (newest: Int, count: Count)] = [:]
        var byClass: [Int: Count] = [:]
        var total = Count()
        for (index, resource) in file.resources.enumerated() where counts[index].records > 0 {
            total.add(counts[index])
            byClass[resource.basicClass, default: Count()].add(counts[index])
            var known = byResource[resource.number] ?? (index, Count())
            if file.resources[known.newest].version < resource.version { known.newest = index }
            known.count.add(counts[index])
            byResource[resource.number] = known
        }
        self.total = total
        resources = byResource.values.map { known in
            let resource = file.resources[known.newest]
            return ResourceCount(code: resource.code, name: resource.name, basicClass: resource.basicClass, count: known.count)
        }.sorted { $0.code < $1.code }
        classes = byClass.map { ClassCount(number: $0.key, count: $0.value) }.sorted { $0.number < $1.number }
    }
}
