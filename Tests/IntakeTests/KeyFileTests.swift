import Cryptography
import Disk
import Glibc
import Testing

@testable import Intake

@Suite("The key file")
struct KeyFileTests {
    private let scratch = SealedScratch()
    private var path: String { scratch.place("master.key") }

    @Test("it is drawn once, for its owner alone, and opens to the same keys")
    func drawn() throws {
        let keys = try KeyFile.draw(path)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600 && status.st_size == 72)
        let code = try keys.code([1], secret: "pepper")
        #expect(try KeyFile.draw(path).code([1], secret: "pepper") == code)
        #expect(try KeyFile.open(path).code([1], secret: "pepper") == code)
        #expect(try KeyFile.draw(scratch.place("other.key")).code([1], secret: "pepper") != code)
    }

    private func code(_ work: () throws(KeyFault) -> SoftwareKeys) -> KeyFault.Code? {
        do { _ = try work() } catch {
            #expect(!error.message.isEmpty && !error.cure.isEmpty)
            return error.code
        }
        return nil
    }

    @Test("one that is missing, open to others or damaged is refused, and never drawn anew")
    func refused() throws {
        #expect(code { () throws(KeyFault) in try KeyFile.open(path) } == .missing)
        _ = try KeyFile.draw(path)
        for mode in [0o640, 0o604, 0o620] as [UInt32] {
            #expect(unsafe chmod(path, mode) == 0)
            #expect(code { () throws(KeyFault) in try KeyFile.open(path) } == .exposed)
        }
        #expect(unsafe chmod(path, 0o600) == 0)
        #expect(code { () throws(KeyFault) in try KeyFile.open(path) } == nil)
        var bytes = try SystemDisk().read(path)
        bytes[20] ^= 1
        try SystemDisk().write(bytes.span, to: path, mode: 0o600)
        #expect(code { () throws(KeyFault) in try KeyFile.open(path) } == .damaged)
        #expect(code { () throws(KeyFault) in try KeyFile.draw(path) } == .damaged)
        #expect(try SystemDisk().read(path) == bytes)
        try SystemDisk().write([UInt8]().span, to: path, mode: 0o600)
        #expect(code { () throws(KeyFault) in try KeyFile.draw(path) } == .damaged)
        #expect(code { () throws(KeyFault) in try KeyFile.draw("/nonexistent/x.key") } == .unreadable)
    }
}
