import Identifiers

// The orders of holidays.
extension BookReader {
    func calendarYear(_ reader: MappingReader) -> CalendarYear? {
        let year = reader.integer("year", in: 2000...2999)
        let holidays = reader.texts("holidays")
        let workdays = reader.optionalTexts("workdays")
        let document = reader.text("document")
        let confirmed = reader.confirmation(on: today)
        if holidays.isEmpty, reader.place.lines["holidays"] != nil {
            reader.fault("holidays", "没有写明放假的日子：请照节假日安排的通知列出")
        }
        guard let year else { return nil }
        let off = days(holidays, "holidays", of: year, reader)
        let worked = days(workdays, "workdays", of: year, reader)
        let closed = Set(off.map(\.value))
        for day in worked {
            if closed.contains(day.value) {
                log.note(reader.place.file, day.line, "\(day.value) 既写在 holidays 里又写在 workdays 里：请删去一处")
            } else if !day.value.isWeekend {
                log.note(reader.place.file, day.line, "\(day.value) 不是周六、周日，本来就上班，不是调休：请从 workdays 里删去或改正日期")
            }
        }
        guard let document, !off.isEmpty else { return nil }
        return CalendarYear(
            year: year, holidays: off.map(\.value).sorted(), workdays: worked.map(\.value).sorted(), document: document, confirmed: confirmed)
    }

    /// Days and spans of days, each of the year and written once.
    private func days(_ words: [Located<String>], _ key: String, of year: Int, _ reader: MappingReader) -> [Located<CivilDate>] {
        let file = reader.place.file
        let spans = words.compactMap { word in span(word, key, file).map { Located(value: $0, line: word.line) } }
        func isOutside(_ span: ClosedRange<CivilDate>) -> Bool { span.lowerBound.year != year || span.upperBound.year != year }
        // Where none is of the year, the year is wrong and not each of them.
        if !spans.isEmpty, spans.allSatisfy({ isOutside($0.value) }) {
            reader.fault(key, "“\(key)”里的日子都不在 \(year) 年：请核对 year 和日期")
            return []
        }
        var seen: Set<CivilDate> = []
        var days: [Located<CivilDate>] = []
        for span in spans {
            if isOutside(span.value) {
                let bounds = span.value.lowerBound == span.value.upperBound ? "\(span.value.lowerBound)" : "\(span.value.lowerBound)/\(span.value.upperBound)"
                log.note(file, span.line, "\(bounds) 不在 \(year) 年之内：请改正日期，或写到那一年里")
                continue
            }
            let all = (span.value.lowerBound.day...span.value.upperBound.day).map { CivilDate(day: $0) }
            if let double = all.first(where: seen.contains) {
                log.note(file, span.line, "“\(key)”里 \(double) 写了两次：请删去一处")
            }
            days += all.filter { seen.insert($0).inserted }.map { Located(value: $0, line: span.line) }
        }
        return days
    }

    /// `2026-05-01` or `2026-05-01/2026-05-05`.
    private func span(_ word: Located<String>, _ key: String, _ file: String) -> ClosedRange<CivilDate>? {
        let bounds = word.value.split(separator: "/", omittingEmptySubsequences: false).map { part in
            CivilDate.parse(part.utf8.span).flatMap { $0.description == part ? $0 : nil }
        }
        guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil else {
            log.note(file, word.line, "“\(key)”不能有“\(word.value)”：请按 2026-05-01 或 2026-05-01/2026-05-05 的形式填写真实存在的日期")
            return nil
        }
        guard first <= last else {
            log.note(file, word.line, "“\(key)”里“\(word.value)”的最后一天早于第一天：请把早的日期写在前面")
            return nil
        }
        return first...last
    }
}
