import Identifiers
import Intake
import Policy
import Registry
import Synchronization

/// Takes an upload form apart as it streams in: small fields into memory, the file to the delivery store with its digest on the way.
final class UploadReceiver: Sendable {
    private struct State: ~Copyable {
        var parser: MultipartParser
        var values: [String: String] = [:]
        var fileName: String?
        var file: IncomingFile?
        /// The part that is open: the file, a field by name, or one to be skipped.
        var open = Opened.skipped
        var field: [UInt8] = []
    }

    private enum Opened { case file, field(String), skipped }

    private static let fieldLimit = 8 << 10
    private let store: DeliveryStore
    private let book: PolicyBook
    private let now: Instant
    private let state: Mutex<State>

    /// - Parameters:
    ///   - book: knows the bodies that may be named in the form.
    ///   - now: the time of arrival.
    init(boundary: String, store: DeliveryStore, book: PolicyBook, at now: Instant) throws {
        self.store = store
        self.book = book
        self.now = now
        state = Mutex(State(parser: try MultipartParser(boundary: boundary)))
    }

    /// The next bytes of the body.
    func take(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            // The parser is taken out while it runs, since its events change the rest of the state.
            var parser = state.parser
            var events: [MultipartParser.Event] = []
            try parser.feed(bytes) { events.append($0) }
            state.parser = parser
            for event in events { try handle(event, &state) }
        }
    }

    private func handle(_ event: MultipartParser.Event, _ state: inout State) throws {
        switch event {
        case .began(let part):
            state.field = []
            if part.name == "file", let name = part.fileName, !name.isEmpty, state.fileName == nil {
                state.fileName = Self.baseName(name)
                // Our form names the body before the file; where another does not, the desk seals the file anew for its body.
                let body = state.values["provider"].flatMap { book.body($0) }?.code ?? Keyring.platform
                state.file = try store.incoming(of: body, at: now)
                state.open = .file
            } else {
                state.open = part.fileName == nil ? .field(part.name) : .skipped
            }
        case .data(let bytes):
            switch state.open {
            case .file: try state.file?.append(bytes.span)
            case .field:
                state.field += bytes
                guard state.field.count <= Self.fieldLimit else { throw MultipartFault.malformed }
            case .skipped: break
            }
        case .ended:
            if case .field(let name) = state.open, let text = String(validating: state.field, as: UTF8.self), state.values[name] == nil {
                state.values[name] = text
            }
            state.open = .skipped
        case .finished: break
        }
    }

    /// Some browsers send a path; only its last part is a name.
    private static func baseName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? name
        return String(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(200).map(Character.init))
    }

    /// Says that the body is over.
    func finish() throws { try state.withLock { state in try state.parser.finish() } }

    /// Fields that are no files.
    var fields: FormFields { state.withLock { FormFields(values: $0.values) } }

    var fileName: String? { state.withLock { $0.fileName } }

    /// Bytes of the file; nil if none was chosen.
    var byteCount: Int64? { state.withLock { $0.file?.byteCount } }

    /// The file, durable; nil if none was chosen. It is the caller's from then on.
    func arrived() throws -> ArrivedFile? {
        try state.withLock { state in
            guard let file = state.file.take() else { return nil }
            return try file.finish()
        }
    }

    /// Gives up; what had arrived is removed.
    func abandon() {
        state.withLock { state in
            if let file = state.file.take() { file.abandon() }
        }
    }
}
