import Cryptography
import FoundationEssentials
import Yams

/// The files of a book as texts, before they mean anything.
struct BookSource {
    /// Greatest size of one file in bytes: the book is written by hand.
    static let sizeLimit = 1 << 20

    /// Texts by path relative to the book's directory.
    var texts: [String: String] = [:]

    /// Reads every YAML file and every drawn table (`.dmn`) under a directory; what cannot be read is noted.
    init(directory: String, log: FaultLog) {
        let files = FileManager.default
        var isDirectory = false
        guard files.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory else {
            log.note("", 1, "没有这个目录：请核对政策文件目录 PolicyBook 的位置")
            return
        }
        // The listing does not follow a link that stands for the directory itself.
        let root = URL(filePath: directory, directoryHint: .isDirectory).resolvingSymlinksInPath().path
        let paths: [String]
        do {
            paths = try files.subpathsOfDirectory(atPath: root)
        } catch {
            log.note("", 1, "读不出目录内容：请检查这个目录的权限")
            return
        }
        for path in paths.sorted() where Self.isConcern(path) {
            guard !path.hasSuffix(".yml") else {
                log.note(path, 1, "扩展名是 .yml，不会被读取：请改名为 .yaml")
                continue
            }
            guard let data = files.contents(atPath: root + "/" + path) else {
                log.note(path, 1, "读不出文件：请检查文件权限")
                continue
            }
            take(path, [UInt8](data), log)
        }
    }

    /// A book from memory.
    init(texts: [String: String]) {
        self.texts = texts
    }

    private mutating func take(_ path: String, _ bytes: [UInt8], _ log: FaultLog) {
        guard bytes.count <= Self.sizeLimit else {
            log.note(path, 1, "文件超过 1 MiB：请拆分为几个文件")
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let broken = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
            log.note(path, broken + 1, "此行不是 UTF-8 编码：请把文件另存为 UTF-8")
            return
        }
        texts[path] = text
    }

    private static func isConcern(_ path: String) -> Bool {
        [".yaml", ".yml", ".dmn"].contains { path.hasSuffix($0) } && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    /// SM3 over paths and texts, in the order of paths.
    var digest: String {
        var sum = SM3()
        for path in texts.keys.sorted() {
            for part in [path, texts[path] ?? ""] { sum.update(Array("\(part.utf8.count):\(part)".utf8).span) }
        }
        return sum.finish().hex
    }

    /// Paths of a folder's YAML files, in order.
    func paths(under folder: String) -> [String] {
        texts.keys.filter { $0.hasPrefix(folder + "/") && !$0.hasSuffix(Self.drawing) }.sorted()
    }

    /// How files of drawn tables end.
    static let drawing = ".dmn"

    /// Files of drawn tables by path.
    var drawings: [String: String] { texts.filter { $0.key.hasSuffix(Self.drawing) } }

    /// The tree of one file with its line numbers; nil where it is missing or is not YAML, which is noted.
    func tree(of path: String, log: FaultLog) -> Node? {
        guard let text = texts[path] else { return nil }
        do {
            if let node = try compose(yaml: text) { return node }
            log.note(path, 1, "文件是空的：请填写内容，或删除此文件")
        } catch let error as YamlError {
            Self.note(error, path, log)
        } catch {
            log.note(path, 1, "YAML 解析失败（\(error)）：请检查文件写法")
        }
        return nil
    }

    private static func note(_ error: YamlError, _ path: String, _ log: FaultLog) {
        let cure = "请检查这一行和上一行的缩进、冒号后的空格、引号和括号"
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            log.note(path, mark.line, "YAML 写法有误（\(problem)）：\(cure)")
        case .reader(let problem, let offset, _, let yaml):
            let line = 1 + (offset.map { yaml.prefix($0).utf8.count { $0 == 0x0A } } ?? 0)
            log.note(path, line, "文件里有 YAML 不允许的字符（\(problem)）：请删除不可见的控制字符")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.sorted().map { "“\($0)”" }.joined(separator: "、")
            log.note(path, context.mark.line, "\(names)在同一处写了两次：请只保留一处")
        default:
            log.note(path, 1, "YAML 解析失败（\(error)）：\(cure)")
        }
    }
}
