import FoundationEssentials
import Mustache

/// Why the templates cannot be used. Found at start, never at a request.
package enum TemplateFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder or a file in it cannot be read.
    case unreadable(path: String)
    /// A page, or another template, names a template that is not there.
    case missing(name: String, neededBy: String)
    /// `{{{x}}}` or `{{&x}}` would print text without escaping it.
    case unescaped(file: String, line: Int)
    /// The template library does not understand the file.
    case malformed(file: String, detail: String)

    /// What is wrong and how to mend it.
    package var description: String {
        switch self {
        case .unreadable(let path): "无法读取网页模板 \(path)；请检查 Web 目录是否完整、可读"
        case .missing(let name, let neededBy): "缺少网页模板 \(name).mustache（\(neededBy) 需要它）；请恢复 Web/templates 目录"
        case .unescaped(let file, let line): "\(file).mustache:\(line): 不得使用不转义的标签；请改用 {{ }}"
        case .malformed(let file, let detail): "\(file).mustache: 模板有误：\(detail)"
        }
    }
}

/// All templates, read once. Every name that a page or a template uses is known to exist, since the library renders a missing template as nothing.
struct Templates: Sendable {
    private let library: MustacheLibrary

    /// Reads `*.mustache` of the folder and checks names and escaping.
    static func load(from directory: String, pages: [any Page.Type]) throws(TemplateFault) -> Templates {
        var sources: [String: String] = [:]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw .unreadable(path: directory)
        }
        for name in names where name.hasSuffix(".mustache") {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)"),
                let text = String(bytes: data, encoding: .utf8)
            else { throw .unreadable(path: "\(directory)/\(name)") }
            sources[String(name.dropLast(".mustache".count))] = text
        }
        return try Templates(sources: sources, pages: pages)
    }

    /// Takes templates by name, as `load` read them.
    init(sources: [String: String], pages: [any Page.Type]) throws(TemplateFault) {
        for page in pages {
            for name in page.templates where sources[name] == nil { throw .missing(name: name, neededBy: "\(page)") }
        }
        var library = MustacheLibrary()
        for (name, text) in sources.sorted(by: { $0.key < $1.key }) {
            for tag in Self.tags(of: text) {
                if tag.sigil == "{" || tag.sigil == "&" { throw .unescaped(file: name, line: tag.line) }
                if tag.sigil == ">" || tag.sigil == "<", sources[tag.name] == nil {
                    throw .missing(name: tag.name, neededBy: "\(name).mustache")
                }
            }
            do { try library.register(text, named: name) } catch { throw .malformed(file: name, detail: "\(error)") }
        }
        self.library = library
    }

    /// The page as HTML.
    func render(_ page: some Page) throws(TemplateFault) -> String {
        guard let text = library.render(page, withTemplate: page.template) else {
            throw .missing(name: page.template, neededBy: "\(type(of: page))")
        }
        return text
    }

    /// A tag of a template: its sigil (nil for a variable), the name after it, the line it begins on (1-based).
    struct Tag { var sigil: Character?; var name: String; var line: Int }

    /// Every `{{…}}` of a template text.
    static func tags(of text: String) -> [Tag] {
        var tags: [Tag] = []
        var line = 1
        var rest = text[...]
        while let open = rest.firstRange(of: "{{") {
            line += rest[..<open.lowerBound].count(where: \.isNewline)
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: "}}") else { break }
            var body = rest[..<close.lowerBound]
            var sigil: Character?
            if let first = body.first, "#^/><$&!{".contains(first) {
                sigil = first
                body = body.dropFirst()
            }
            tags.append(Tag(sigil: sigil, name: body.filter { !$0.isWhitespace && $0 != "}" }, line: line))
            line += rest[..<close.lowerBound].count(where: \.isNewline)
            rest = rest[close.upperBound...]
        }
        return tags
    }
}
