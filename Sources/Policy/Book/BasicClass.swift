/// One of the 13 classes of the national basic catalogue (全国公共信用信息基础目录, 2024), of `classes.yaml`.
package struct BasicClass: Sendable, Hashable {
    /// 1...13.
    package let number: Int
    /// Chinese name.
    package let name: String

    /// Two digits, as resource codes carry them: `03`.
    package var code: String { number < 10 ? "0\(number)" : "\(number)" }
}

/// A sector of the city's plan that resources serve, of `sectors.yaml`.
package struct Sector: Sendable, Hashable {
    /// Chinese name, such as 食品药品; resources name sectors by it.
    package let name: String
}
