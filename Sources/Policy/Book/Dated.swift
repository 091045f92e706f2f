package import Identifiers

/// What begins on a day and may end on one: a case of a day goes by what was valid then.
package protocol Dated {
    /// First day.
    var from: CivilDate { get }
    /// Last day; nil where open.
    var to: CivilDate? { get }
}

extension Dated {
    /// Whether it is valid on a day.
    package func isValid(on day: CivilDate) -> Bool { from <= day && to.map { day <= $0 } ?? true }
}
