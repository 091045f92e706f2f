internal import Policy
internal import Tables

/// Chooses how a department writes the files of a resource: always the same way, apart from what the size forbids.
struct HabitChoice {
    let sheet: Sheet
    let provider: PublicBody
    let seed: UInt64

    /// Departments write workbooks by hand up to so many rows; above it their systems export text.
    static let largestWorkbook = 3_000

    func habits(rows: Int, period: Period) -> FileHabits {
        var draws = Draws(seed: Draws.seed(seed, "habits \(sheet.resource.code) \(provider.code)"), place: 0)
        let format = format(rows: rows, &draws)
        let header: FileHabits.Header = switch draws.below(100) {
        case 0..<35: .nationalCodes
        case 35..<75: .names
        default: .aliases
        }
        let isWorkbook = format == .xlsx
        let isText = if case .csv = format { true } else { false }
        let styles: [DateStyle] = [.dashes, .dashes, .slashes, .compact, .chinese, .dots, .withTime]
        let dates: DateStyle = isWorkbook && draws.happens(.percent(50)) ? .serial : draws.pick(styles)
        let titled = isWorkbook ? draws.happens(.percent(75)) : isText && draws.happens(.percent(20))
        return FileHabits(
            format: format, header: header, dates: dates, titles: titled ? titles(period, &draws, isWorkbook: isWorkbook) : [],
            numbered: draws.happens(.percent(isWorkbook ? 40 : 12)) && (isWorkbook || isText),
            carriageReturns: draws.happens(.percent(50)), quotesAll: draws.happens(.percent(15)),
            codeNames: draws.happens(.percent(45)),
            sloppiness: draws.happens(.percent(25)) ? Planting.sloppiness.careless : Planting.sloppiness.careful,
            columns: columns(&draws))
    }

    private func format(rows: Int, _ draws: inout Draws) -> TableFormat {
        let x = draws.below(100)
        if rows <= Self.largestWorkbook {
            return switch x {
            case 0..<32: .xlsx
            case 32..<52: .csv(.utf8BOM)
            case 52..<68: .csv(.utf8)
            case 68..<90: .csv(.gb18030)
            default: .jsonLines
            }
        }
        return switch x {
        case 0..<40: .csv(.utf8)
        case 40..<65: .csv(.utf8BOM)
        case 65..<88: .csv(.gb18030)
        default: .jsonLines
        }
    }

    private func titles(_ period: Period, _ draws: inout Draws, isWorkbook: Bool) -> [String] {
        var titles = ["\(sheet.resource.name)（演示数据）"]
        if isWorkbook, draws.happens(.percent(60)) { titles.append("填报单位：\(provider.name)    所属期：\(period.label)") }
        if isWorkbook, draws.happens(.percent(25)) { titles.append("说明：本表为演示数据，所列主体均不存在；带*的为必填项") }
        return titles
    }

    /// The catalogue's order, or one with a few columns moved; some optional columns are missing.
    private func columns(_ draws: inout Draws) -> [Int] {
        let resource = sheet.resource
        let checked = Set(resource.checks.flatMap(\.fields))
        var columns = sheet.columns.indices.filter { index in
            let column = sheet.columns[index]
            let needed = column.required || column.isKey || column.role != nil || column.need != nil || checked.contains(column.code)
                || sheet.deciding.contains(index) || index == sheet.effective
            return needed || !draws.happens(.percent(25))
        }
        if draws.happens(.percent(40)) {
            for _ in 0..<3 { columns.swapAt(draws.below(columns.count), draws.below(columns.count)) }
        }
        return columns
    }
}
