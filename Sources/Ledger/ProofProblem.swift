/// Why a note, a checkpoint or a proof shows nothing. `message` and `cure` are for whoever checks, without knowing the log.
package enum ProofProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is not of the form; the part in Chinese.
    case malformed(String)
    /// No signature of the key that is trusted.
    case notSigned(by: String)
    /// A signature that names the trusted key does not hold.
    case wrongSignature(of: String)
    /// The checkpoint is of another log.
    case otherLog(String)
    /// Fewer of the trusted witnesses have cosigned than are needed.
    case tooFewWitnesses(found: Int, needed: Int)
    /// The proof carries no leaf data, and none was given.
    case noData
    /// The leaf is not in the signed tree, at this index.
    case notIncluded
    /// The new tree is not a continuation of the old one.
    case notConsistent
    /// The checkpoint is smaller than one already seen.
    case older(size: Int, seen: Int)

    /// What is wrong, in Chinese.
    package var message: String {
        switch self {
        case .malformed(let part): "证明文件格式不符：\(part)"
        case .notSigned(let name): "检查点没有 \(name) 的签名"
        case .wrongSignature(let name): "\(name) 的签名无效"
        case .otherLog(let origin): "检查点属于另一个日志：\(origin)"
        case .tooFewWitnesses(let found, let needed): "见证签名不足：需要 \(needed) 个，有效 \(found) 个"
        case .noData: "证明文件未附原始数据，也未另行提供"
        case .notIncluded: "原始数据不在已签名的日志中"
        case .notConsistent: "新的检查点与旧的不一致，日志可能被改写"
        case .older(let size, let seen): "检查点比已见过的旧：\(size) 小于 \(seen)"
        }
    }

    /// What to do about it, in Chinese.
    package var cure: String {
        switch self {
        case .malformed: "请重新下载证明文件，不要编辑其内容。"
        case .notSigned, .otherLog: "请核对公钥是否取自官方公布的渠道。"
        case .wrongSignature, .notIncluded: "请勿采信该文件，并向信用平台和见证单位反映。"
        case .tooFewWitnesses: "请稍后重新下载，见证签名每小时补充一次。"
        case .noData: "请一并提供报告或记录的原始数据。"
        case .notConsistent, .older: "请保留两个检查点并告知监管部门和其他见证单位。"
        }
    }

    package var description: String { "\(message)。\(cure)" }
}
