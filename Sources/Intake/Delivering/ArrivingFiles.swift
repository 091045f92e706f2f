package import Identifiers

/// Local files on their way into custody, each copied and digested while the one before it is worked on: the copy takes
/// one processor, and waits for the disk at its end.
package struct ArrivingFiles {
    /// A local file, the code of the body that sends it, and the time of its arrival.
    package typealias Local = (path: String, body: String, at: Instant)

    private let desk: DeliveryDesk
    private var files: ArraySlice<Local>
    private var coming: Task<ArrivedFile, any Error>?

    /// - Parameter files: in the order in which they are wanted.
    package init(_ files: [Local], at desk: DeliveryDesk) {
        self.desk = desk
        self.files = files[...]
    }

    /// The next file, once it has arrived; nil after the last. The one behind it sets out.
    ///
    /// - Throws: `DeliveryFault` where this file cannot be read or kept.
    package mutating func next() async throws -> ArrivedFile? {
        guard let present = coming ?? setOut() else { return nil }
        coming = nil
        let arrived = try await present.value
        coming = setOut()
        return arrived
    }

    private mutating func setOut() -> Task<ArrivedFile, any Error>? {
        guard let file = files.popFirst() else { return nil }
        return Task { @concurrent [desk] in try desk.arrive(file.path, of: file.body, at: file.at) }
    }
}
