import Identifiers

/// The orders of holidays: one notice for one year.
extension BookChecker {
    func checkCalendar() {
        let years = draft.calendar ?? []
        noteDoubles(years, key: "year", title: "年份") { String($0.year) }
        noteDoubles(years, key: "document", title: "节假日安排的文号", of: \.document)
    }
}
