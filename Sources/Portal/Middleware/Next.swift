import Hummingbird

/// The rest of the chain. Hummingbird declares it `@concurrent`, which a module with nonisolated-nonsending defaults must say.
typealias Next = @concurrent (Request, PortalContext) async throws -> Response
