internal import Cryptography
internal import Disk
internal import Ledger

/// Where the two logs of a data directory lie, and the key that signs their heads.
///
/// ```
/// ledger/origin          what the logs are called
/// ledger/records/        tiles of the log of records
/// ledger/access/         tiles of the log of access events
/// ledger/signed/<log>/   signed heads: a restoration takes the newest there are, so that an old state cannot sign a fork
/// ```
struct LedgerFolders {
    private let root: String
    private let origin: String
    private let key: SM2PrivateKey

    /// Makes the folders, the name and the key of new logs.
    static func make(_ path: String, origin: String, on disk: some Disk) throws(DiskFault) {
        for folder in ["ledger", "ledger/records", "ledger/access", "ledger/signed"] { try disk.makeDurableFolder("\(path)/\(folder)") }
        // An initialisation that was cut off may have drawn the key already.
        let file = "\(path)/keys/ledger.pem"
        if (try? disk.read(file)).flatMap(SM2PrivateKey.init(pem:)) == nil {
            try disk.write(SM2PrivateKey.generate().pem().span, to: file, mode: 0o600)
        }
        // A restoration brings the name along.
        if (try? disk.read("\(path)/ledger/origin")) == nil { try disk.write(Array("\(origin)\n".utf8).span, to: "\(path)/ledger/origin") }
    }

    /// Opens those of a directory.
    init(_ path: String) throws {
        root = "\(path)/ledger"
        let disk = SystemDisk()
        guard let key = (try? disk.read("\(path)/keys/ledger.pem")).flatMap(SM2PrivateKey.init(pem:)) else {
            throw DataDirectoryFault(.damaged, path: "\(path)/keys/ledger.pem", "缺失，或不是 SM2 私钥", cure: "请从密钥备份恢复该文件；换一把钥匙须先告知见证方")
        }
        guard let name = (try? disk.read("\(root)/origin")).flatMap({ String(validating: $0, as: UTF8.self) }) else {
            throw DataDirectoryFault(.damaged, path: "\(root)/origin", "缺失或读不懂", cure: "请从备份恢复")
        }
        self.key = key
        origin = name.filter { !$0.isWhitespace }
    }

    /// One of the logs.
    ///
    /// - Parameter size: how many leaves it has; nil takes what was signed last, behind which the log of events is filled up anew.
    func log(_ name: String, size: Int?) throws -> SignedLog {
        guard let signer = CheckpointSigner(origin: "\(origin)/\(name)", key: key) else {
            throw DataDirectoryFault(.damaged, path: "\(root)/origin", "不能作为账本的名称", cure: "请从备份恢复")
        }
        let checkpoints = try CheckpointStore(folder: "\(root)/signed/\(name)", signer: signer)
        let signed = try checkpoints.latest.map { try Checkpoint(text: $0.text).head.size } ?? 0
        return SignedLog(tree: try TiledLog(folder: "\(root)/\(name)", size: size ?? signed), checkpoints: checkpoints)
    }

    /// Who signs what is given out beside the logs, under a name of its own.
    func statements(about topic: String) throws -> StatementSigner {
        guard let signer = StatementSigner(origin: origin, topic: topic, key: key) else {
            throw DataDirectoryFault(.damaged, path: "\(root)/origin", "不能作为账本的名称", cure: "请从备份恢复")
        }
        return signer
    }
}
