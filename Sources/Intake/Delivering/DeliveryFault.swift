/// Why a whole delivery, or a request about one, is refused; nothing of it has entered.
package struct DeliveryFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// Stable kind, part of the API (`type` of the problem document).
    package enum Code: String, Sendable {
        case unknownResource = "unknown-resource"
        case unknownProvider = "unknown-provider"
        case notProvider = "not-provider"
        case unreadable = "unreadable-file"
        case header = "header"
        case noRows = "no-rows"
        case unknownDelivery = "unknown-delivery"
        case wrongState = "wrong-state"
        case storage = "storage"
        case diskFull = "disk-full"
    }

    package let code: Code
    /// What is wrong, in Chinese: names file, line and field where there are any.
    package let message: String
    /// What to do about it, in Chinese.
    package let cure: String

    package init(_ code: Code, _ message: String, cure: String) {
        self.code = code
        self.message = message
        self.cure = cure
    }

    package var description: String { cure.isEmpty ? message : "\(message)。\(cure)" }
}
