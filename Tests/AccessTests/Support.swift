import FoundationEssentials
import Identifiers
import Policy
import Registry
import Testing

@testable import Access
@testable import Cryptography
@testable import Ledger

/// An access store with its keys and its tree, in a folder of its own.
final class Office: Sendable {
    /// 2026-06-15 10:00:00 in Shanghai.
    static let start = Instant(milliseconds: 1_781_488_800_000)
    static let password = "Hua3-kai!fu-gui"

    let path: String
    let registry: AccessRegistry
    let keys: Keyring
    let access: Access
    private let signer: CheckpointSigner

    init() throws {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path()
        path = "\(base)/access-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        registry = try AccessRegistry.open("\(path)/access.sqlite")
        keys = Keyring(backend: try SoftwareKeys(file: SoftwareKeys.newFile()), keys: registry.keys)
        signer = try #require(CheckpointSigner(origin: "tianzhong.test/access", key: .generate()))
        access = Access(registry: registry, keys: keys, tree: try Self.tree(path, signer, size: 0))
    }

    func close() {
        try? registry.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    private static func tree(_ path: String, _ signer: CheckpointSigner, size: Int?) throws -> SignedLog {
        let checkpoints = try CheckpointStore(folder: "\(path)/signed", signer: signer)
        let signed = try checkpoints.latest.map { try Checkpoint(text: $0.text).head.size } ?? 0
        return SignedLog(tree: try TiledLog(folder: "\(path)/tree", size: size ?? signed), checkpoints: checkpoints)
    }

    /// The tree as a new process finds it: as long as its last signed head.
    func reopenedTree() throws -> SignedLog { try Self.tree(path, signer, size: nil) }

    /// An account with `password` and codes that are set up.
    func account(
        _ login: String, roles: [Role] = [.windowClerk], mustChange: Bool = false, isEnrolled: Bool = true, at now: Instant = start
    ) throws -> (account: Account, codes: TOTP) {
        let new = NewAccount(
            login: login, name: "测试员", body: "ZMD-FGW", roles: roles, password: try access.hash(Self.password), mustChange: mustChange,
            proposedBy: "test", approvedBy: "test")
        let made = try #require(try registry.accounts.add(new, at: now))
        let codes = TOTP.random()
        if isEnrolled { try registry.accounts.setSecondFactor(made.number, access.login.seal(codes, of: made.number)) }
        return (try #require(try registry.accounts.find(made.number)), codes)
    }

    /// A look at a subject.
    static func look(_ actor: String, _ subject: RegistryKey?, at now: Instant = start, detail: String = "") -> AccessEvent {
        var event = AccessEvent(
            at: now, action: .query, actor: actor, actorName: "测试\(actor)", role: "window-clerk", body: "ZMD-FGW", address: "127.0.0.1", channel: "web")
        event.subject = subject
        event.items = "信用档案"
        event.purpose = "XK"
        event.caseNumber = "T-1"
        event.detail = detail
        return event
    }
}

extension Instant {
    func after(seconds: Int64) -> Instant { Instant(milliseconds: milliseconds + seconds * 1000) }
}

/// Numbers that a failed test can repeat (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Why a step of a login failed; nil where it did not.
func fault(_ body: () throws -> Void) -> LoginFault.Code? {
    do {
        try body()
        return nil
    } catch { return (error as? LoginFault)?.code }
}
