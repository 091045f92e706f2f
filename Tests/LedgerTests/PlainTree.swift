import Cryptography
import Foundation
import Ledger

/// RFC 9162 §2.1 word by word, recursive and with nothing of our own but SM3: what the implementation is compared with.
final class PlainTree {
    let leaves: [SM3Digest]
    private var known: [Range<Int>: SM3Digest] = [:]

    init(_ leaves: [SM3Digest]) { self.leaves = leaves }

    /// MTH(D[range]).
    func hash(_ range: Range<Int>) -> SM3Digest {
        if let known = known[range] { return known }
        let hash: SM3Digest
        switch range.count {
        case 0: hash = digest([])
        case 1: hash = leaves[range.lowerBound]
        default:
            let middle = range.lowerBound + split(range.count)
            hash = digest([1] + bytes(self.hash(range.lowerBound..<middle)) + bytes(self.hash(middle..<range.upperBound)))
        }
        known[range] = hash
        return hash
    }

    /// PATH(index, D[range]).
    func path(_ index: Int, _ range: Range<Int>) -> [SM3Digest] {
        guard range.count > 1 else { return [] }
        let middle = range.lowerBound + split(range.count)
        return index < middle
            ? path(index, range.lowerBound..<middle) + [hash(middle..<range.upperBound)]
            : path(index, middle..<range.upperBound) + [hash(range.lowerBound..<middle)]
    }

    /// PROOF(old, D[0..<new]).
    func proof(_ old: Int, _ new: Int) -> [SM3Digest] {
        old == 0 || old == new ? [] : subproof(old, 0..<new, true)
    }

    private func subproof(_ count: Int, _ range: Range<Int>, _ isWhole: Bool) -> [SM3Digest] {
        if count == range.count { return isWhole ? [] : [hash(range)] }
        let half = split(range.count)
        let middle = range.lowerBound + half
        return count <= half
            ? subproof(count, range.lowerBound..<middle, isWhole) + [hash(middle..<range.upperBound)]
            : subproof(count - half, middle..<range.upperBound, false) + [hash(range.lowerBound..<middle)]
    }

    private func split(_ count: Int) -> Int {
        var half = 1
        while half * 2 < count { half *= 2 }
        return half
    }

    func head(_ size: Int) -> TreeHead { TreeHead(size: size, root: hash(0..<size)) }
}

func digest(_ bytes: [UInt8]) -> SM3Digest { SM3.digest(bytes.span) }

func bytes(_ digest: SM3Digest) -> [UInt8] { (0..<32).map { digest.bytes[$0] } }

/// The hashes of leaves whose data are the texts of their numbers, from `first` on.
func leaves(_ count: Int, from first: Int = 0) -> [SM3Digest] { (first..<first + count).map { digest([0] + Array(String($0).utf8)) } }

/// SplitMix64: the same trials at every run.
struct Trials: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A folder in memory that goes with the test.
final class TestFolder {
    let path: String

    init() {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        path = "\(base)/ledger-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func read(_ name: String) -> [UInt8] { Array(FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()) }

    func write(_ bytes: [UInt8], _ name: String) { _ = FileManager.default.createFile(atPath: "\(path)/\(name)", contents: Data(bytes)) }
}

/// The code of the ledger's fault that work ends in; nil where it ends well or otherwise.
func code(_ work: () throws -> Void) -> LedgerFault.Code? {
    do { try work() } catch { return (error as? LedgerFault)?.code }
    return nil
}

/// The problem that work ends in; nil where it ends well or otherwise.
func problem(_ work: () throws -> Void) -> ProofProblem? {
    do { try work() } catch { return error as? ProofProblem }
    return nil
}
