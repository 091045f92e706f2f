package import Identifiers

/// One version of what has a code (lists, measures, matters, rules): a change of the law is a further version, and a case goes by the version of its day.
package protocol Versioned: Dated {
    var code: String { get }
    /// From 1; versions of one code are never valid on the same day.
    var version: Int { get }
}

extension Sequence where Element: Versioned {
    /// The version that is valid on a day.
    package func version(of code: String, on day: CivilDate) -> Element? { first { $0.code == code && $0.isValid(on: day) } }

    /// The version that what began on a day goes by: the one that was valid then, or else the one before it, or else the first.
    package func version(of code: String, since day: CivilDate) -> Element? {
        filter { $0.code == code }.sorted { $0.from < $1.from }.since(day)
    }

    /// The latest version: what pages call it.
    package func latest(of code: String) -> Element? { filter { $0.code == code }.max { $0.from < $1.from } }

    /// The versions of each code, in the order in which codes first stand; those of one by their first days.
    func byCode() -> [[Element]] {
        var places: [String: Int] = [:]
        var groups: [[Element]] = []
        for element in self {
            if let place = places[element.code] {
                groups[place].append(element)
            } else {
                places[element.code] = groups.count
                groups.append([element])
            }
        }
        return groups.map { $0.sorted { $0.from < $1.from } }
    }
}

extension Array where Element: Versioned {
    /// Of the versions of one code, by their first days, the one that what began on a day goes by.
    package func since(_ day: CivilDate) -> Element? { last { $0.from <= day } ?? first }
}
