/// Defects of the orders of holidays.
extension Defect {
    static let ofCalendar: [Defect] = [
        Defect("no calendar", "calendar.yaml", nil, "", at: nil, says: "缺少文件 calendar.yaml"),
        Defect("a year twice", "calendar.yaml", "{year: 2025, document: 国办发明电〔2024〕12号, holidays: [2025-01-01, 2025-10-01/2025-10-08], workdays: [2025-09-28, 2025-10-11]}", "{year: 2026, document: 国办发明电〔2024〕12号, holidays: [2026-01-01]}", at: "year: 2026, document: 国办发明电〔2025〕7号", says: "年份“2026”与 calendar.yaml 第 1 行重复"),
        Defect("a notice for two years", "calendar.yaml", "国办发明电〔2025〕7号", "国办发明电〔2024〕12号", at: "year: 2026", says: "文号“国办发明电〔2024〕12号”与 calendar.yaml 第 1 行重复"),
        Defect("no notice", "calendar.yaml", "document: 国办发明电〔2025〕7号, ", "", at: "year: 2026", says: "缺少“document”"),
        Defect("a year that is none", "calendar.yaml", "year: 2026", "year: 26", at: "year: 26", says: "2000 至 2999"),
        Defect("another year", "calendar.yaml", "year: 2026", "year: 2027", at: "year: 2027", says: "“holidays”里的日子都不在 2027 年").drawing(1),
        Defect("a holiday of another year", "calendar.yaml", "2026-01-01/2026-01-03", "2025-12-31/2026-01-03", at: "2025-12-31", says: "2025-12-31/2026-01-03 不在 2026 年之内"),
        Defect("a day worked of another year", "calendar.yaml", "2026-01-04", "2027-01-03", at: "2027-01-03", says: "2027-01-03 不在 2026 年之内"),
        Defect("off and worked", "calendar.yaml", "2026-01-04", "2026-02-15", at: "workdays: [2026-02-15", says: "2026-02-15 既写在 holidays 里又写在 workdays 里"),
        Defect("a Monday worked", "calendar.yaml", "2026-01-04", "2026-01-05", at: "2026-01-05, 2026-02-14", says: "2026-01-05 不是周六、周日"),
        Defect("a holiday twice", "calendar.yaml", "2026-01-01/2026-01-03", "2026-01-01/2026-01-03, 2026-01-02", at: "2026-01-02", says: "“holidays”里 2026-01-02 写了两次"),
        Defect("a day worked twice", "calendar.yaml", "2026-01-04", "2026-01-04, 2026-01-04", at: "2026-01-04, 2026-01-04", says: "写了两次"),
        Defect("a span the wrong way round", "calendar.yaml", "2026-10-01/2026-10-07", "2026-10-07/2026-10-01", at: "2026-10-07/2026-10-01", says: "最后一天早于第一天"),
        Defect("a day that is not there", "calendar.yaml", "2026-10-01/2026-10-07", "2026-02-29", at: "2026-02-29", says: "真实存在的日期"),
        Defect("a span of three days' names", "calendar.yaml", "2026-10-01/2026-10-07", "2026-10-01/2026-10-02/2026-10-03", at: "2026-10-02", says: "真实存在的日期"),
        Defect("half a span", "calendar.yaml", "2026-10-01/2026-10-07", "2026-10-01/", at: "2026-10-01/", says: "真实存在的日期"),
        Defect("a year without a day off", "calendar.yaml", "holidays: [2025-01-01, 2025-10-01/2025-10-08]", "holidays: []", at: "year: 2025", says: "没有写明放假的日子"),
    ]
}
