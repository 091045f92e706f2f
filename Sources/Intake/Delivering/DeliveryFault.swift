internal import Archive
internal import Registry

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

    /// Whether an error of any store says that the disk is full: what it was about can be tried again when there is room.
    package static func isDiskFull(_ error: any Error) -> Bool {
        switch error {
        case let fault as DeliveryFault: fault.code == .diskFull
        case let fault as RegistryFault: fault.problem == .full
        case let fault as ArchiveFault: fault.code == .diskFull
        default: false
        }
    }

    package var description: String { cure.isEmpty ? message : "\(message)。\(cure)" }
}
