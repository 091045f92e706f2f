/// `list[condition]` and `list[2]` (DMN 1.5 §10.3.2.5).
enum Filtering {
    static func filter(_ source: Value, by filter: Expression, in scope: Scope) -> Value {
        // An index is asked for once, conditions for each item.
        if case .literal(.number(let index)) = filter { return item(index, of: source.items) }
        if source.isNull { return .list([]) }
        let items = source.items
        var kept: [Value] = []
        for (place, item) in items.enumerated() {
            var inner = scope.adding("item", item)
            if case .context(let context) = item { inner = inner.adding(context) }
            switch Evaluator.evaluate(filter, in: inner) {
            case .boolean(true): kept.append(item)
            case .number(let index) where place == 0: return self.item(index, of: items)
            case .boolean, .null: break
            default: return .null
            }
        }
        if items.isEmpty, case .number(let index) = Evaluator.evaluate(filter, in: scope) { return item(index, of: items) }
        return .list(kept)
    }

    private static func item(_ index: Number, of items: [Value]) -> Value {
        guard let place = index.integer, place != 0, abs(place) <= items.count else { return .null }
        return items[place > 0 ? place - 1 : items.count + place]
    }
}
