import Glibc

/// Rows a second over records as a small SVG, readable on light and on dark ground.
struct GrowthChart {
    private let stretches: [ScaleResult.Stretch]
    private static let width = 720.0
    private static let height = 320.0
    private static let left = 76.0
    private static let right = 24.0
    private static let top = 36.0
    private static let bottom = 48.0

    init(_ stretches: [ScaleResult.Stretch]) { self.stretches = stretches }

    var svg: String {
        let lines = [
            curve(\.rate, "stretch", "本段"), curve(\.overall, "overall", "累计"),
        ].joined(separator: "\n")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="报送速度随档案条数的变化">
            <style>
            text { font: 13px sans-serif; fill: #57606a } .grid { stroke: #8c959f; stroke-opacity: .3 }
            .stretch { stroke: #0969da; fill: #0969da } .overall { stroke: #bc4c00; fill: #bc4c00 } polyline { fill: none !important; stroke-width: 2 }
            @media (prefers-color-scheme: dark) { text { fill: #9198a1 } .stretch { stroke: #58a6ff; fill: #58a6ff } .overall { stroke: #f0883e; fill: #f0883e } }
            </style>
            \(grid)
            \(lines)
            </svg>

            """
    }

    private var first: Double { log10(Double(stretches.map(\.records).min() ?? 1)) }
    private var last: Double { max(first + 0.1, log10(Double(stretches.map(\.records).max() ?? 10))) }
    /// The top of the axis: the next hundred thousand.
    private var ceiling: Double { ((stretches.flatMap { [$0.rate, $0.overall] }.max() ?? 1) / 100_000).rounded(.up) * 100_000 }

    private func x(_ records: Int) -> Double {
        Self.left + (log10(Double(records)) - first) / (last - first) * (Self.width - Self.left - Self.right)
    }

    private func y(_ rate: Double) -> Double { Self.height - Self.bottom - rate / ceiling * (Self.height - Self.top - Self.bottom) }

    private func curve(_ value: KeyPath<ScaleResult.Stretch, Double>, _ name: String, _ title: String) -> String {
        let points = stretches.map { "\(two(x($0.records))),\(two(y($0[keyPath: value])))" }
        let dots = stretches.map { "<circle cx=\"\(two(x($0.records)))\" cy=\"\(two(y($0[keyPath: value])))\" r=\"3\" stroke=\"none\"/>" }
        let place = name == "stretch" ? Self.left : Self.left + 90
        return "<g class=\"\(name)\"><polyline points=\"\(points.joined(separator: " "))\"/>\(dots.joined())"
            + "<rect x=\"\(Int(place))\" y=\"14\" width=\"14\" height=\"4\" stroke=\"none\"/><text stroke=\"none\" x=\"\(Int(place) + 20)\" y=\"21\">\(title)</text></g>"
    }

    private var grid: String {
        let rates = (0...4).map { step -> String in
            let rate = ceiling * Double(step) / 4
            return "<line class=\"grid\" x1=\"\(Int(Self.left))\" x2=\"\(Int(Self.width - Self.right))\" y1=\"\(two(y(rate)))\" y2=\"\(two(y(rate)))\"/>"
                + "<text x=\"\(Int(Self.left) - 8)\" y=\"\(two(y(rate) + 4))\" text-anchor=\"end\">\(Int(rate / 10_000)) 万</text>"
        }
        let marks = stretches.map {
            "<text x=\"\(two(x($0.records)))\" y=\"\(Int(Self.height - Self.bottom) + 20)\" text-anchor=\"middle\">\(Self.short($0.records))</text>"
        }
        let title = "<text x=\"\(Int(Self.width - Self.right))\" y=\"\(Int(Self.height) - 8)\" text-anchor=\"end\">档案条数（对数）　纵轴：行/秒</text>"
        return (rates + marks + [title]).joined(separator: "\n")
    }

    private static func short(_ records: Int) -> String {
        records >= 100_000_000 ? "\(two(Double(records) / 1e8)) 亿" : "\(records / 10_000) 万"
    }
}
