import Identifiers
import Testing

@testable import Policy

/// A change of one place in the book, and what an official is told of it.
struct BookChange: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    /// The lines told, but for the totals.
    let lines: [String]

    var testDescription: String { "\(file): \(old) → \(new)" }

    init(_ file: String, _ old: String, _ new: String, _ lines: String...) {
        self.file = file
        self.old = old
        self.new = new
        self.lines = lines
    }

    func difference() throws -> BookDifference {
        var files = FixtureBook.files
        let text = try #require(files[file])
        try #require(text.contains(old), "the fixture lacks “\(old)”")
        files[file] = text.replacing(old, with: new, maxReplacements: 1)
        let before = try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)
        return BookDifference(from: before, to: try PolicyBook.load(files: files, on: FixtureBook.today))
    }
}

@Suite struct BookDifferenceTests {
    @Test("a change of one place is told, with what it means, and nothing else is", arguments: BookChange.ofLists + BookChange.ofHeads)
    func lists(change: BookChange) throws { try expect(change) }

    @Test("a change of a resource is told, with what it means, and nothing else is", arguments: BookChange.ofResources)
    func resources(change: BookChange) throws { try expect(change) }

    private func expect(_ change: BookChange) throws {
        let lines = try change.difference().lines
        #expect(Array(lines.dropFirst()) == change.lines, "\(lines.joined(separator: "\n"))")
        #expect(lines.first?.hasPrefix("共 1 处不同") == true)
    }

    @Test("what is new, gone or changed is counted; equal books differ in nothing")
    func totals() throws {
        let book = try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)
        #expect(BookDifference(from: book, to: book).lines == ["两本政策手册没有差别"])
        var files = FixtureBook.files
        files["sectors.yaml"] = "- {name: 食品药品}\n- {name: 中小企业}\n- {name: 交通}"
        files["catalogue/03-administration/penalty-v2.yaml"] = nil
        files["measures.yaml"] = files["measures.yaml"]?.replacing("限制财政资金", with: "限制财政性资金")
        let lines = BookDifference(from: book, to: try PolicyBook.load(files: files, on: FixtureBook.today)).lines
        // The list and the rule that name the measure are told of as well.
        #expect(lines.first == "共 5 处不同：新增 1，修改 3，删去 1")
        #expect(lines.contains("新增　领域“交通”") && lines.contains("删去　目录项“行政处罚信息”（ZMD-03-0002 第 2 版）"))
    }

    @Test("a new version is told by what differs from the one before")
    func versions() throws {
        var files = FixtureBook.files
        files[FixtureBook.penaltyNext] = nil
        let before = try PolicyBook.load(files: files, on: FixtureBook.today)
        let lines = BookDifference(from: before, to: try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)).lines
        #expect(lines == [
            "共 1 处不同：新增 1，修改 0，删去 0", "新增　目录项“行政处罚信息”（ZMD-03-0002 第 2 版），与“行政处罚信息”（ZMD-03-0002 第 1 版）相比",
            "  依据：《中华人民共和国行政处罚法（2017修正）》第三十一条、《中华人民共和国行政处罚法》第四十八条 → 《中华人民共和国行政处罚法》第四十八条（去掉 《中华人民共和国行政处罚法（2017修正）》第三十一条）",
            "  有效期起：2019-01-01 → 2024-01-01", "  有效期止：2023-12-31 → 长期（延后）",
        ])
    }

    @Test("what is long is told by what came and went")
    func long() throws {
        let lists = "- {year: 2026, document: 国办发明电〔2025〕7号, holidays: [2026-01-01/2026-01-03, 2026-02-15/2026-02-23"
        let files = FixtureBook.files.merging(["calendar.yaml": "\(lists), 2026-03-03, 2026-04-04/2026-04-06, 2026-05-01/2026-05-05, 2026-06-19/2026-06-21]}"]) { $1 }
        let after = files.merging(["calendar.yaml": "\(lists), 2026-04-04/2026-04-06, 2026-05-01/2026-05-06, 2026-06-19/2026-06-21]}"]) { $1 }
        let lines = BookDifference(
            from: try PolicyBook.load(files: files, on: FixtureBook.today), to: try PolicyBook.load(files: after, on: FixtureBook.today)
        ).lines
        #expect(lines.contains("  放假：增加 2026-05-06；去掉 2026-03-03"))
    }

    @Test("what rests on a document alone ends with it")
    func endedBasis() throws {
        var files = FixtureBook.files
        files["documents.yaml"] = files["documents.yaml"]?.replacing("  from: 2022-03-01\n", with: "  from: 2022-03-01\n  to: 2027-06-30\n")
        files[FixtureBook.enterprise] = files[FixtureBook.enterprise]?.replacing("validFrom: 2022-03-01", with: "validFrom: 2022-03-01\nvalidTo: 2027-06-30")
        for file in ["purposes.yaml", "matters.yaml", FixtureBook.rule] {
            files[file] = files[file]?.replacing("{document: registration, article: 全文}", with: "{document: penalty-law, article: 第四十八条}")
        }
        let before = try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)
        let difference = BookDifference(from: before, to: try PolicyBook.load(files: files, on: FixtureBook.today))
        let document = try #require(difference.items.first)
        #expect(document.kind == "法律文件" && document.changes.map(\.title) == ["失效日期"])
        let names = ["名单“严重失信名单”（bad）", "名单“重点关注”（watched）", "措施“限制准入”（ZR）", "措施“限制财政资金”（CZ）", "措施“绿色通道”（LS）"]
            + ["第 1、2、3 类法人和非法人组织记录", "第 1、2、3 类自然人记录", "报送文件和退回文件", "查询记录、预警和授权"].map { "保存期限“\($0)”" }
        // The list that would have ended on another day anyway ends with it too.
        #expect(Set(document.consequences) == Set((names + ["名单“红名单”（good）"]).map { "2027-07-01 起\($0)没有有效依据，随之停用" }))
    }

    @Test("the city's book differs in nothing from itself, and from the fixture in every kind of item, the same both ways round")
    func realBook() throws {
        let book = try PolicyBook.load(from: RealBookTests.directory, on: FixtureBook.today)
        #expect(BookDifference(from: book, to: book).items.isEmpty)
        let fixture = try PolicyBook.load(files: FixtureBook.files, on: FixtureBook.today)
        let difference = BookDifference(from: fixture, to: book)
        #expect(Set(difference.items.map(\.kind)).isSuperset(of: ["法律文件", "领域", "区划", "代码集", "单位", "查询事由", "目录项", "名单", "国家清单措施", "措施", "节假日安排"]))
        #expect(difference.items.allSatisfy { !$0.changes.isEmpty || !$0.parts.isEmpty || $0.state == .removed || $0.kind == "领域" })
        // Told the other way round, what was new is gone.
        let reverse = BookDifference(from: book, to: fixture)
        #expect(difference.items.count { $0.state == .removed } == reverse.items.count { $0.isNew })
    }
}
