/// The functions of FEEL by name (DMN 1.5 §10.3.4).
package enum Builtins {
    /// One way of calling a function.
    struct Form: Sendable {
        let parameters: [String]
        /// How many of them, from the first on, must be given.
        let required: Int
        /// The last one takes any number of values.
        var isOpen = false
        let body: @Sendable ([Value]) -> Value
    }

    /// A way of calling that takes all its parameters.
    static func form(_ parameters: String..., body: @escaping @Sendable ([Value]) -> Value) -> Form {
        Form(parameters: parameters, required: parameters.count, body: body)
    }

    /// One whose last parameters may be left out; they are then null.
    static func form(_ parameters: String..., required: Int, body: @escaping @Sendable ([Value]) -> Value) -> Form {
        Form(parameters: parameters, required: required, body: body)
    }

    /// One whose last parameter takes any number of values.
    static func open(_ parameters: String..., body: @escaping @Sendable ([Value]) -> Value) -> Form {
        Form(parameters: parameters, required: parameters.count - 1, isOpen: true, body: body)
    }

    static let forms: [String: [Form]] = [conversions, texts, lists, numbers, temporals, ranges, contexts].reduce(into: [:]) { $0.merge($1) { one, _ in one } }

    /// Names of functions and of the parts of values that are more than one word.
    static let names: [String] =
        forms.keys.filter { $0.contains(" ") } + Set(forms.values.joined().flatMap(\.parameters)).filter { $0.contains(" ") }
        + ["time offset", "start included", "end included"]

    /// A built-in function as a value; nil where there is none of that name.
    static func function(_ name: String) -> Function? {
        forms[name] == nil ? nil : Function(nil) { call(name, $0) }
    }

    static func call(_ name: String, _ values: [Value]) -> Value {
        guard let forms = forms[name] else { return .null }
        for form in forms where values.count >= form.required && (form.isOpen || values.count <= form.parameters.count) {
            let missing = form.isOpen ? 0 : form.parameters.count - values.count
            let result = form.body(values + [Value](repeating: .null, count: missing))
            // Of several forms with as many parameters, the one that takes these values.
            if !result.isNull || forms.count == 1 { return result }
        }
        return .null
    }

    static func call(_ name: String, named values: [(String, Value)]) -> Value {
        guard let forms = forms[name] else { return .null }
        let given = Context(values)
        guard given.count == values.count else { return .null }
        for form in forms {
            guard Set(given.names).isSubset(of: form.parameters), Set(form.parameters.prefix(form.required)).isSubset(of: given.names) else { continue }
            if form.isOpen, let last = form.parameters.last {
                let open = given[last].map { value -> [Value] in if case .list(let items) = value { items } else { [value] } } ?? []
                return form.body(form.parameters.dropLast().map { given[$0] ?? .null } + open)
            }
            let result = form.body(form.parameters.map { given[$0] ?? .null })
            if !result.isNull || forms.count == 1 { return result }
        }
        return .null
    }
}

extension Value {
    var asNumber: Number? {
        switch self {
        case .number(let number): number
        case .list(let items) where items.count == 1: items[0].asNumber
        default: nil
        }
    }

    var asInteger: Int? { asNumber?.integer }

    /// An integer, what is behind the point left out.
    var asWhole: Int? { asNumber?.rounded(0, .down)?.integer }

    var asText: String? {
        switch self {
        case .string(let text): text
        case .list(let items) where items.count == 1: items[0].asText
        default: nil
        }
    }

    /// A list as it is; any other value but null as the one item of a list.
    var asList: [Value]? {
        switch self {
        case .list(let items): items
        case .null: nil
        default: [self]
        }
    }

    /// Values of a function that takes a list or the items themselves.
    static func spread(_ values: [Value]) -> [Value]? {
        guard values.count == 1 else { return values }
        return values[0].asList
    }
}
