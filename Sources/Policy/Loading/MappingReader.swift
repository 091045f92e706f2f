import Yams

/// Reads one YAML mapping strictly: every key must be asked for, every value must have the type asked for, and what is
/// wrong is noted with its line while reading goes on.
final class MappingReader {
    let place: Place
    /// What the mapping is, in Chinese, for messages: 目录项, 字段.
    let what: String
    let log: FaultLog
    private let nodes: [String: Node]
    private var asked: [String] = []

    /// nil, and a fault, where the node is no mapping with plain keys.
    init?(_ node: Node, file: String, what: String, log: FaultLog) {
        let line = node.mark?.line ?? 1
        guard case .mapping(let mapping) = node else {
            log.note(file, line, "\(what)应写成“键: 值”的形式：请参照同类文件改正")
            return nil
        }
        var nodes: [String: Node] = [:]
        var lines: [String: Int] = [:]
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key else {
                log.note(file, key.mark?.line ?? line, "\(what)的键应是一个词：请参照同类文件改正")
                continue
            }
            nodes[scalar.string] = value
            lines[scalar.string] = scalar.mark?.line ?? line
        }
        self.nodes = nodes
        place = Place(file: file, start: line, lines: lines)
        self.what = what
        self.log = log
    }

    /// Notes a fault on the line of a key.
    func fault(_ key: String, _ message: String) {
        log.note(place.file, place.line(key), message)
    }

    /// The node of a key; nil where the key is missing or its value is empty.
    func node(_ key: String) -> Node? {
        if !asked.contains(key) { asked.append(key) }
        guard let node = nodes[key], !Self.isEmpty(node) else { return nil }
        return node
    }

    /// The node of a key that must be there; its absence is noted.
    func requiredNode(_ key: String) -> Node? {
        if let node = node(key) { return node }
        let state = nodes[key] == nil ? "缺少“\(key)”" : "的“\(key)”是空的"
        fault(key, "\(what)\(state)：请填写")
        return nil
    }

    /// Notes every key that was not asked for. The last call on a reader.
    func finish() {
        for key in nodes.keys where !asked.contains(key) {
            fault(key, "\(what)没有“\(key)”这一项：请删除或改正，可用的有 \(asked.joined(separator: "、"))")
        }
    }

    private static func isEmpty(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return false }
        return scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null"
    }
}
