import Foundation

extension Builtins {
    static let texts: [String: [Form]] = [
        "substring": [
            form("string", "start position", "length", required: 2) { values in
                guard let text = values[0].asText, let start = values[1].asWhole, start != 0 else { return .null }
                let scalars = Array(text.unicodeScalars)
                let first = start > 0 ? start - 1 : scalars.count + start
                guard first >= 0, first <= scalars.count else { return first < 0 ? .null : .string("") }
                var count = scalars.count - first
                if !values[2].isNull {
                    guard let length = values[2].asWhole, length > 0 else { return .null }
                    count = min(count, length)
                }
                return .string(string(scalars[first..<first + count]))
            }
        ],
        "string length": [form("string") { values in values[0].asText.map { .number(Number($0.unicodeScalars.count)) } ?? .null }],
        "upper case": [form("string") { values in values[0].asText.map { .string($0.uppercased()) } ?? .null }],
        "lower case": [form("string") { values in values[0].asText.map { .string($0.lowercased()) } ?? .null }],
        "substring before": [
            form("string", "match") { values in
                guard let text = values[0].asText, let match = values[1].asText else { return .null }
                return .string(text.firstRange(of: match).map { String(text[..<$0.lowerBound]) } ?? "")
            }
        ],
        "substring after": [
            form("string", "match") { values in
                guard let text = values[0].asText, let match = values[1].asText else { return .null }
                if match.isEmpty { return .string(text) }
                return .string(text.firstRange(of: match).map { String(text[$0.upperBound...]) } ?? "")
            }
        ],
        "contains": [pair { $1.isEmpty || $0.contains($1) }],
        "starts with": [pair { $0.hasPrefix($1) }],
        "ends with": [pair { $0.hasSuffix($1) }],
        "matches": [
            form("input", "pattern", "flags", required: 2) { values in
                guard let text = values[0].asText, let pattern = pattern(values[1], flags: values[2]) else { return .null }
                return .boolean(pattern.firstMatch(in: text, range: whole(text)) != nil)
            }
        ],
        "replace": [
            form("input", "pattern", "replacement", "flags", required: 3) { values in
                guard let text = values[0].asText, let pattern = pattern(values[1], flags: values[3]), let replacement = values[2].asText else { return .null }
                return .string(pattern.stringByReplacingMatches(in: text, range: whole(text), withTemplate: replacement))
            }
        ],
        "split": [
            form("string", "delimiter") { values in
                guard let text = values[0].asText, let pattern = pattern(values[1], flags: .null) else { return .null }
                var parts: [Value] = []
                var start = 0
                let units = Array(text.utf16)
                for match in pattern.matches(in: text, range: whole(text)) {
                    parts.append(.string(String(decoding: units[start..<match.range.location], as: UTF16.self)))
                    start = match.range.location + match.range.length
                }
                return .list(parts + [.string(String(decoding: units[start...], as: UTF16.self))])
            }
        ],
        "string join": [
            form("list", "delimiter", required: 1) { values in
                guard let items = values[0].asList, values[1].isNull || values[1].asText != nil else { return .null }
                var texts: [String] = []
                for item in items where !item.isNull {
                    guard let text = item.asText else { return .null }
                    texts.append(text)
                }
                return .string(texts.joined(separator: values[1].asText ?? ""))
            }
        ],
    ]

    private static func pair(_ holds: @escaping @Sendable (String, String) -> Bool) -> Form {
        form("string", "match") { values in
            guard let text = values[0].asText, let match = values[1].asText else { return .null }
            return .boolean(holds(text, match))
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    private static func whole(_ text: String) -> NSRange { NSRange(location: 0, length: text.utf16.count) }

    /// A regular expression of XPath, which ICU's are near to; nil where it is none.
    private static func pattern(_ pattern: Value, flags: Value) -> NSRegularExpression? {
        guard let pattern = pattern.asText, flags.isNull || flags.asText != nil else { return nil }
        var options: NSRegularExpression.Options = []
        for flag in flags.asText ?? "" {
            switch flag {
            case "s": options.insert(.dotMatchesLineSeparators)
            case "m": options.insert(.anchorsMatchLines)
            case "i": options.insert(.caseInsensitive)
            case "x": options.insert(.allowCommentsAndWhitespace)
            default: return nil
            }
        }
        return try? NSRegularExpression(pattern: pattern, options: options)
    }
}
