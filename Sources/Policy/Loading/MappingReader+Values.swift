import Identifiers
import Yams

/// Typed values of keys. The plain forms note a missing key; the `optional` ones do not.
extension MappingReader {
    func text(_ key: String) -> String? {
        requiredNode(key).flatMap { scalar($0, key) }
    }

    func optionalText(_ key: String) -> String? {
        node(key).flatMap { scalar($0, key) }
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        requiredNode(key).flatMap { integer($0, key, range) }
    }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) -> Int? {
        node(key).flatMap { integer($0, key, range) }
    }

    /// Integers of a list, or none.
    func optionalIntegers(_ key: String, in range: ClosedRange<Int>) -> [Int] {
        optionalTexts(key).compactMap { item in
            if let number = Int(item.value), range.contains(number) { return number }
            log.note(place.file, item.line, "“\(key)”不能有“\(item.value)”：请填写 \(range.lowerBound) 至 \(range.upperBound) 之间的整数")
            return nil
        }
    }

    func flag(_ key: String) -> Bool {
        guard let node = node(key), let text = scalar(node, key) else { return false }
        if text == "true" || text == "false" { return text == "true" }
        fault(key, "“\(key)”不能是“\(text)”：只能是 true 或 false")
        return false
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = node(key), let text = scalar(node, key) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            fault(key, "“\(key)”不能是“\(text)”：请填写 \(range.lowerBound) 至 \(range.upperBound) 之间的数")
            return nil
        }
        return number
    }

    func date(_ key: String) -> CivilDate? {
        requiredNode(key).flatMap { date($0, key) }
    }

    func optionalDate(_ key: String) -> CivilDate? {
        node(key).flatMap { date($0, key) }
    }

    /// A value of a closed set, which YAML writes by its raw value.
    func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type) -> Value?
    where Value.RawValue == String {
        requiredNode(key).flatMap { choice($0, key) }
    }

    func optionalChoice<Value: RawRepresentable & CaseIterable>(_ key: String, _: Value.Type) -> Value?
    where Value.RawValue == String {
        node(key).flatMap { choice($0, key) }
    }

    /// A list of words; a missing key is noted, an empty list is not.
    func texts(_ key: String) -> [Located<String>] {
        requiredNode(key).map { texts($0, key) } ?? []
    }

    func optionalTexts(_ key: String) -> [Located<String>] {
        node(key).map { texts($0, key) } ?? []
    }

    /// A list of words, or one word alone.
    func oneOrMoreTexts(_ key: String) -> [Located<String>] {
        guard let node = requiredNode(key) else { return [] }
        if case .scalar(let scalar) = node { return [Located(value: scalar.string, line: place.line(key))] }
        return texts(node, key)
    }

    /// A list of mappings.
    func readers(_ key: String, what: String) -> [MappingReader] {
        requiredNode(key).map { readers($0, key, what) } ?? []
    }

    func optionalReaders(_ key: String, what: String) -> [MappingReader] {
        node(key).map { readers($0, key, what) } ?? []
    }

    /// One mapping.
    func optionalReader(_ key: String, what: String) -> MappingReader? {
        node(key).flatMap { MappingReader($0, file: place.file, what: what, log: log) }
    }

    /// `confirmed: {owner, on}`: who answers for a value that no source was read for.
    func confirmation(on today: CivilDate) -> Confirmation? {
        guard let reader = optionalReader("confirmed", what: "确认信息 confirmed ") else { return nil }
        let owner = reader.text("owner")
        let day = reader.optionalDate("on")
        reader.finish()
        if let day, day > today { reader.fault("on", "确认日期 \(day) 晚于今天 \(today)：请改为实际确认的日期，尚未确认的留空") }
        return owner.map { Confirmation(owner: $0, on: day) }
    }

    private func scalar(_ node: Node, _ key: String) -> String? {
        if case .scalar(let scalar) = node { return scalar.string }
        fault(key, "“\(key)”应是一个值，不是列表或一组键值：请改正")
        return nil
    }

    private func integer(_ node: Node, _ key: String, _ range: ClosedRange<Int>) -> Int? {
        guard let text = scalar(node, key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            fault(key, "“\(key)”不能是“\(text)”：请填写 \(range.lowerBound) 至 \(range.upperBound) 之间的整数")
            return nil
        }
        return number
    }

    private func date(_ node: Node, _ key: String) -> CivilDate? {
        guard let text = scalar(node, key) else { return nil }
        guard let date = CivilDate.parse(text.utf8.span), date.description == text else {
            fault(key, "“\(key)”不能是“\(text)”：请按 2024-01-31 的形式填写真实存在的日期")
            return nil
        }
        return date
    }

    private func choice<Value: RawRepresentable & CaseIterable>(_ node: Node, _ key: String) -> Value?
    where Value.RawValue == String {
        guard let text = scalar(node, key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let allowed = Value.allCases.map(\.rawValue).joined(separator: "、")
        fault(key, "“\(key)”不能是“\(text)”：只能是 \(allowed)")
        return nil
    }

    private func texts(_ node: Node, _ key: String) -> [Located<String>] {
        guard case .sequence(let sequence) = node else {
            fault(key, "“\(key)”应是列表：请写成 [甲, 乙] 的形式")
            return []
        }
        return sequence.compactMap { item in
            let line = item.mark?.line ?? place.line(key)
            guard case .scalar(let scalar) = item, !scalar.string.isEmpty else {
                log.note(place.file, line, "“\(key)”列表里的每一项应是一个词：请改正")
                return nil
            }
            return Located(value: scalar.string, line: line)
        }
    }

    private func readers(_ node: Node, _ key: String, _ what: String) -> [MappingReader] {
        guard case .sequence(let sequence) = node else {
            fault(key, "“\(key)”应是列表：请每项以“- ”开头")
            return []
        }
        return sequence.compactMap { MappingReader($0, file: place.file, what: what, log: log) }
    }
}
