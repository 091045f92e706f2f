extension Builtins {
    static let contexts: [String: [Form]] = [
        "get value": [
            form("m", "key") { values in
                guard case .context(let context) = values[0], let key = values[1].asText else { return .null }
                return context[key] ?? .null
            }
        ],
        "get entries": [
            form("m") { values in
                guard case .context(let context) = values[0] else { return .null }
                return .list(context.entries.map { .context(Context([("key", .string($0.name)), ("value", $0.value)])) })
            }
        ],
        "context": [
            form("entries") { values in
                guard let entries = values[0].asList else { return .null }
                var context = Context()
                for entry in entries {
                    guard case .context(let pair) = entry, let key = pair["key"]?.asText, let value = pair["value"], context[key] == nil else { return .null }
                    context[key] = value
                }
                return .context(context)
            }
        ],
        "context put": [
            form("context", "key", "value") { values in
                guard case .context(let context) = values[0], case .string(let key) = values[1] else { return .null }
                return .context(put(values[2], at: [key], in: context))
            },
            form("context", "keys", "value") { values in
                guard case .context(let context) = values[0], case .list(let keys) = values[1], !keys.isEmpty else { return .null }
                let names = keys.compactMap { key -> String? in if case .string(let name) = key { name } else { nil } }
                guard names.count == keys.count, reaches(names[...], in: context) else { return .null }
                return .context(put(values[2], at: names[...], in: context))
            },
        ],
        "context merge": [
            form("contexts") { values in
                guard let contexts = values[0].asList else { return .null }
                var merged = Context()
                for item in contexts {
                    guard case .context(let context) = item else { return .null }
                    for (name, value) in context.entries { merged[name] = value }
                }
                return .context(merged)
            }
        ],
    ]

    /// Whether every name but the last is of a context, or of nothing yet.
    private static func reaches(_ names: ArraySlice<String>, in context: Context) -> Bool {
        guard names.count > 1, let first = names.first, let inner = context[first] else { return true }
        guard case .context(let next) = inner else { return false }
        return reaches(names.dropFirst(), in: next)
    }

    private static func put(_ value: Value, at names: ArraySlice<String>, in context: Context) -> Context {
        var changed = context
        guard let first = names.first else { return context }
        if names.count == 1 {
            changed[first] = value
        } else {
            let inner = if case .context(let inner)? = context[first] { inner } else { Context() }
            changed[first] = .context(put(value, at: names.dropFirst(), in: inner))
        }
        return changed
    }
}
