/// Local files on their way into custody, each copied and digested while the one before it is worked on: the copy takes
/// one processor, and waits for the disk at its end.
package struct ArrivingFiles {
    private let desk: DeliveryDesk
    private var paths: ArraySlice<String>
    private var coming: Task<ArrivedFile, any Error>?

    /// - Parameter paths: in the order in which they are wanted.
    package init(_ paths: [String], at desk: DeliveryDesk) {
        self.desk = desk
        self.paths = paths[...]
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
        guard let path = paths.popFirst() else { return nil }
        return Task { @concurrent [desk] in try desk.arrive(path) }
    }
}
