extension Builtins {
    static let lists: [String: [Form]] = [
        "list contains": [
            form("list", "element") { values in
                values[0].asList.map { items in .boolean(items.contains { $0.equals(values[1]) == true }) } ?? .null
            }
        ],
        "count": [form("list") { values in values[0].asList.map { .number(Number($0.count)) } ?? .null }],
        "min": [open("list") { extreme($0) { $0 < 0 } }],
        "max": [open("list") { extreme($0) { $0 > 0 } }],
        "sum": [open("list") { values in numbers(values).flatMap { fold($0, .zero, +) } ?? .null }],
        "product": [open("list") { values in numbers(values).flatMap { fold($0, .one, *) } ?? .null }],
        "mean": [
            open("list") { values in
                guard let numbers = numbers(values), case .number(let sum)? = fold(numbers, .zero, +) else { return .null }
                return Arithmetic.number(sum / Number(numbers.count))
            }
        ],
        "median": [
            open("list") { values in
                guard let numbers = numbers(values)?.sorted() else { return .null }
                let middle = numbers.count / 2
                if numbers.count % 2 == 1 { return .number(numbers[middle]) }
                return Arithmetic.number((numbers[middle - 1] + numbers[middle]).flatMap { $0 / Number(2) })
            }
        ],
        "mode": [
            open("list") { values in
                guard let items = Value.spread(values), !values.isEmpty else { return .null }
                if items.isEmpty { return .list([]) }
                guard let numbers = numbers(values) else { return .null }
                let counts = Dictionary(numbers.map { ($0, 1) }, uniquingKeysWith: +)
                let most = counts.values.max() ?? 0
                return .list(counts.filter { $0.value == most }.keys.sorted().map(Value.number))
            }
        ],
        "stddev": [
            open("list") { values in
                guard let numbers = numbers(values), numbers.count > 1, case .number(let sum)? = fold(numbers, .zero, +),
                    let mean = sum / Number(numbers.count)
                else { return .null }
                let squares = numbers.compactMap { number in (number - mean).flatMap { $0 * $0 } }
                guard squares.count == numbers.count, case .number(let total)? = fold(squares, .zero, +) else { return .null }
                return Arithmetic.number((total / Number(numbers.count - 1))?.squareRoot)
            }
        ],
        "all": [open("list") { values in decide(values, unless: false) }],
        "any": [open("list") { values in decide(values, unless: true) }],
        "sublist": [
            form("list", "start position", "length", required: 2) { values in
                guard let items = values[0].asList, let start = values[1].asInteger, start != 0, abs(start) <= items.count else { return .null }
                let first = start > 0 ? start - 1 : items.count + start
                guard !values[2].isNull else { return .list(Array(items[first...])) }
                guard let length = values[2].asInteger, length > 0, first + length <= items.count else { return .null }
                return .list(Array(items[first..<first + length]))
            }
        ],
        "append": [open("list", "item") { values in values.first?.asList.map { .list($0 + values.dropFirst()) } ?? .null }],
        "concatenate": [
            open("list") { values in
                let lists = values.compactMap(\.asList)
                return lists.count == values.count ? .list(Array(lists.joined())) : .null
            }
        ],
        "insert before": [
            form("list", "position", "newItem") { values in
                guard var items = values[0].asList, let place = place(values[1], in: items) else { return .null }
                items.insert(values[2], at: place)
                return .list(items)
            }
        ],
        "remove": [
            form("list", "position") { values in
                guard var items = values[0].asList, let place = place(values[1], in: items) else { return .null }
                items.remove(at: place)
                return .list(items)
            }
        ],
        "list replace": [
            form("list", "position", "newItem") { values in
                guard var items = values[0].asList, let place = place(values[1], in: items) else { return .null }
                items[place] = values[2]
                return .list(items)
            },
            form("list", "match", "newItem") { values in
                guard let items = values[0].asList, case .function(let match) = values[1] else { return .null }
                var replaced: [Value] = []
                for item in items {
                    guard let holds = Evaluator.apply(match, [item, values[2]]).truth else { return .null }
                    replaced.append(holds ? values[2] : item)
                }
                return .list(replaced)
            },
        ],
        "reverse": [form("list") { values in values[0].asList.map { .list($0.reversed()) } ?? .null }],
        "index of": [
            form("list", "match") { values in
                guard let items = values[0].asList else { return .null }
                return .list(items.indices.filter { items[$0].equals(values[1]) == true }.map { .number(Number($0 + 1)) })
            }
        ],
        "union": [
            open("list") { values in
                let lists = values.compactMap(\.asList)
                return lists.count == values.count ? .list(distinct(Array(lists.joined()))) : .null
            }
        ],
        "distinct values": [form("list") { values in values[0].asList.map { .list(distinct($0)) } ?? .null }],
        "flatten": [form("list") { values in values[0].asList.map { .list(flat($0)) } ?? .null }],
        "sort": [
            form("list", "precedes", required: 1) { values in
                guard let items = values[0].asList else { return .null }
                if case .function(let precedes) = values[1] {
                    return .list(items.stableSorted { Evaluator.apply(precedes, [$0, $1]).truth == true })
                }
                guard values[1].isNull, items.allSatisfy({ items[0].compare($0) != nil }) else { return .null }
                return .list(items.stableSorted { ($0.compare($1) ?? 0) < 0 })
            }
        ],
    ]

    /// The numbers of a list that has nothing else; nil also where it is empty.
    private static func numbers(_ values: [Value]) -> [Number]? {
        guard let items = Value.spread(values), !items.isEmpty else { return nil }
        let numbers = items.compactMap { item -> Number? in if case .number(let number) = item { number } else { nil } }
        return numbers.count == items.count ? numbers : nil
    }

    private static func fold(_ numbers: [Number], _ start: Number, _ operation: (Number, Number) -> Number?) -> Value? {
        var total = start
        for number in numbers {
            guard let next = operation(total, number) else { return nil }
            total = next
        }
        return .number(total)
    }

    private static func extreme(_ values: [Value], _ isBetter: (Int) -> Bool) -> Value {
        guard let items = Value.spread(values), var best = items.first else { return .null }
        if items.count == 1, best.compare(best) == nil { return .null }
        for item in items.dropFirst() {
            guard let order = item.compare(best) else { return .null }
            if isBetter(order) { best = item }
        }
        return best
    }

    /// Whether all are true, or any: one that decides does so whatever the others are.
    private static func decide(_ values: [Value], unless deciding: Bool) -> Value {
        guard !values.isEmpty, let items = Value.spread(values) else { return .null }
        if items.contains(where: { $0.truth == deciding }) { return .boolean(deciding) }
        return items.allSatisfy { $0.truth != nil } ? .boolean(!deciding) : .null
    }

    private static func place(_ position: Value, in items: [Value]) -> Int? {
        guard let position = position.asWhole, position != 0, abs(position) <= items.count else { return nil }
        return position > 0 ? position - 1 : items.count + position
    }

    private static func distinct(_ items: [Value]) -> [Value] {
        items.reduce(into: []) { kept, item in if !kept.contains(where: { $0.equals(item) == true }) { kept.append(item) } }
    }

    private static func flat(_ items: [Value]) -> [Value] {
        items.flatMap { item in if case .list(let inner) = item { flat(inner) } else { [item] } }
    }
}

extension Array {
    /// Sorted by merging, so that equal ones keep their order and a relation that is no order still ends.
    fileprivate func stableSorted(_ precedes: (Element, Element) -> Bool) -> [Element] {
        guard count > 1 else { return self }
        let left = Array(self[..<(count / 2)]).stableSorted(precedes)
        let right = Array(self[(count / 2)...]).stableSorted(precedes)
        var merged: [Element] = []
        merged.reserveCapacity(count)
        var (one, two) = (0, 0)
        while one < left.count, two < right.count {
            if precedes(right[two], left[one]) {
                merged.append(right[two])
                two += 1
            } else {
                merged.append(left[one])
                one += 1
            }
        }
        return merged + left[one...] + right[two...]
    }
}
