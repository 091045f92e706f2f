import Testing

@testable import Portal

@Suite("Templates") struct TemplatesTests {
    static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/Web/templates"

    @Test("every page renders whole, with nothing left of the tags", arguments: Sample.all.indices)
    func renders(index: Int) throws {
        let (name, page) = Sample.all[index]
        let html = try Templates.load(from: Self.folder, pages: Pages.all).render(page)
        #expect(html.hasPrefix("<!DOCTYPE html>"), "\(name)")
        #expect(html.contains("</html>") && !html.contains("{{") && !html.contains("}}"), "\(name)")
        #expect(!html.contains("Optional(") && !html.contains(">nil<"), "\(name)")
        #expect(html.contains("lang=\"zh-CN\"") && html.contains("<h1"), "\(name)")
        #expect(!html.contains(" style=") && !html.contains("<style") && !html.contains("onclick"), "CSP forbids inline style and script: \(name)")
        #expect(html.contains("演示数据"))
        // Who is at work, and why, is on every page behind a login.
        #expect(page.template.hasPrefix("staff") == false || html.contains("查询事由：异议、修复事项核查"))
    }

    @Test("every name in a template is a stored value of some page")
    func namesExist() throws {
        var known: Set<String> = ["."]
        func collect(_ value: Any) {
            for child in Mirror(reflecting: value).children {
                if let label = child.label { known.insert(label) }
                collect(child.value)
            }
        }
        for (_, page) in Sample.all { collect(page) }
        // Values that no sample sets: each is optional in its model.
        known.formUnion(["refresh", "seconds", "unchanged", "resourceError", "providerError", "scripts"])
        for name in try Self.files() {
            for tag in Templates.tags(of: try Self.text(name)) where tag.sigil == nil || tag.sigil == "#" || tag.sigil == "^" {
                for part in tag.name.split(separator: ".") where tag.name != "." {
                    #expect(known.contains(String(part)), "\(name): \(tag.name), line \(tag.line)")
                }
            }
        }
    }

    @Test("what people type is escaped")
    func escapes() throws {
        var page = Sample.searchHint
        page.shell.query = "\"><script>alert(1)</script>"
        let html = try Templates.load(from: Self.folder, pages: Pages.all).render(page)
        #expect(!html.contains("<script>alert"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test("a missing template, partial, or an unescaped tag stops the start")
    func faults() throws {
        #expect(throws: TemplateFault.missing(name: "home", neededBy: "HomePage")) {
            try Templates(sources: [:], pages: [HomePage.self])
        }
        #expect(throws: TemplateFault.missing(name: "b", neededBy: "a.mustache")) { try Templates(sources: ["a": "{{> b }}"], pages: []) }
        #expect(throws: TemplateFault.unescaped(file: "a", line: 2)) { try Templates(sources: ["a": "x\n{{{y}}}"], pages: []) }
        #expect(throws: TemplateFault.unescaped(file: "a", line: 1)) { try Templates(sources: ["a": "{{& y}}"], pages: []) }
        #expect(throws: TemplateFault.unreadable(path: "/nowhere")) { try Templates.load(from: "/nowhere", pages: []) }
    }

    @Test("figures are grouped, shares rounded, sizes in units")
    func figures() {
        #expect(Figures.grouped(0) == "0" && Figures.grouped(999) == "999" && Figures.grouped(1_234_567) == "1,234,567" && Figures.grouped(-1000) == "-1,000")
        #expect(Figures.share(1, of: 3) == "33.3%" && Figures.share(2, of: 3) == "66.7%" && Figures.share(0, of: 0) == "–" && Figures.share(5, of: 5) == "100.0%")
        #expect(Figures.bytes(12) == "12 字节" && Figures.bytes(1536) == "1.5 KB" && Figures.bytes(4 << 30) == "4.0 GB")
        #expect(Figures.span(seconds: 200) == "3 分 20 秒")
    }

    static func files() throws -> [String] {
        try FileList.names(in: folder).filter { $0.hasSuffix(".mustache") }
    }

    static func text(_ name: String) throws -> String { try FileList.text("\(folder)/\(name)") }
}
