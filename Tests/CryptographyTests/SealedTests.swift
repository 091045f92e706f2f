import Testing

@testable import Cryptography

@Suite("Keys")
struct SoftwareKeysTests {
    @Test("a data key goes through wrapping, under its own master key only")
    func wrapping() throws {
        let keys = try SoftwareKeys(file: SoftwareKeys.newFile())
        let key = DataKey.random()
        let wrapped = try keys.wrap(key, under: "deliveries")
        #expect(wrapped.count == 45)
        #expect(try keys.wrap(key, under: "deliveries") != wrapped)
        let again = try keys.unwrap(wrapped, under: "deliveries")
        #expect(again.withBytes { [UInt8](copying: $0) } == key.withBytes { [UInt8](copying: $0) })
        let other = try SoftwareKeys(file: SoftwareKeys.newFile())
        #expect(throws: KeyFault.self) { try keys.unwrap(wrapped, under: "accounts") }
        #expect(throws: KeyFault.self) { try other.unwrap(wrapped, under: "deliveries") }
        for index in wrapped.indices {
            var changed = wrapped
            changed[index] ^= 0x10
            #expect(throws: KeyFault.self) { try keys.unwrap(changed, under: "deliveries") }
            #expect(throws: KeyFault.self) { try keys.unwrap(Array(wrapped.prefix(index)), under: "deliveries") }
        }
        #expect(throws: KeyFault.self) { try keys.unwrap(wrapped + [0], under: "deliveries") }
    }

    @Test("codes depend on the name of the secret, the message and the file alone")
    func codes() throws {
        let file = SoftwareKeys.newFile()
        let keys = try SoftwareKeys(file: file)
        let code = try keys.code([1], secret: "pepper")
        #expect(code.count == 32)
        #expect(try SoftwareKeys(file: file).code([1], secret: "pepper") == code)
        #expect(try keys.code([2], secret: "pepper") != code)
        #expect(try keys.code([1], secret: "salt") != code)
        #expect(try SoftwareKeys(file: SoftwareKeys.newFile()).code([1], secret: "pepper") != code)
    }

    @Test("a key file with any byte changed, cut or extended is refused with its cure")
    func damage() throws {
        let file = SoftwareKeys.newFile()
        #expect(file.count == SoftwareKeys.fileBytes)
        for index in file.indices {
            var changed = file
            changed[index] ^= 1
            let fault = #expect(throws: KeyFault.self) { try SoftwareKeys(file: changed) }
            #expect(fault?.code == .damaged && fault?.cure.contains("备份") == true)
            #expect(throws: KeyFault.self) { try SoftwareKeys(file: Array(file.prefix(index))) }
        }
        #expect(throws: KeyFault.self) { try SoftwareKeys(file: file + [0]) }
    }
}

@Suite("Sealed values")
struct SealedValueTests {
    @Test("a value opens in its own place with its own key, and nowhere else")
    func values() throws {
        let key = DataKey.random()
        for value in [[], [7], Array("13939600000".utf8), [UInt8](repeating: 5, count: 1000)] as [[UInt8]] {
            let sealed = key.seal(value, context: "accounts.totp|42")
            #expect(sealed.count == value.count + 28)
            #expect(sealed != key.seal(value, context: "accounts.totp|42"))
            #expect(try key.open(sealed, context: "accounts.totp|42") == value)
            for context in ["", "accounts.totp|43", "accounts.phone|42"] {
                #expect(throws: SealFault.self) { try key.open(sealed, context: context) }
            }
            #expect(throws: SealFault.self) { try DataKey.random().open(sealed, context: "accounts.totp|42") }
            for index in sealed.indices {
                var changed = sealed
                changed[index] ^= 0x80
                #expect(throws: SealFault.self) { try key.open(changed, context: "accounts.totp|42") }
                #expect(throws: SealFault.self) { try key.open(Array(sealed.prefix(index)), context: "accounts.totp|42") }
            }
        }
        #expect(DataKey(bytes: [UInt8](1...15).span) == nil)
    }

    @Test("the nonces of many values differ")
    func nonces() {
        let key = DataKey.random()
        #expect(Set((0..<20_000).map { _ in Array(key.seal([1], context: "").prefix(12)) }).count == 20_000)
    }
}

@Suite("Sealed files")
struct SealedChunksTests {
    static let key = DataKey.random()

    private func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) } }

    private func seal(_ clear: [UInt8], chunk: Int, keyID: UInt32 = 7, pieces: Int = .max) -> [UInt8] {
        var sealed: [UInt8] = []
        var stream = SealedStream(SealedHeader(keyID: keyID, chunkBytes: chunk), key: Self.key, onto: &sealed)
        for start in stride(from: 0, to: clear.count, by: min(pieces, max(1, clear.count))) {
            stream.append(clear.span.extracting(start..<min(clear.count, start + min(pieces, clear.count))), onto: &sealed)
        }
        stream.finish(onto: &sealed)
        return sealed
    }

    private func open(_ sealed: [UInt8]) throws(SealFault) -> [UInt8] {
        try SealedBytes.open(sealed.span) { $0 == 7 ? Self.key : nil }
    }

    @Test("files of every length around a chunk come back, whatever the pieces", arguments: [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000])
    func lengths(_ count: Int) throws {
        let clear = bytes(count)
        for pieces in [Int.max, 1_000, 65_536, 70_000] {
            let sealed = seal(clear, chunk: SealedHeader.usualChunkBytes, pieces: pieces)
            let chunks = max(1, (count + 65_535) / 65_536)
            #expect(sealed.count == 32 + count + 16 * chunks)
            let layout = try SealedLayout(fileBytes: Int64(sealed.count), header: SealedHeader(parsing: sealed.span))
            #expect(layout.clearBytes == count && layout.chunkCount == chunks)
            #expect(try open(sealed) == clear)
        }
        let whole = SealedBytes.seal(clear.span, keyID: 7, key: Self.key)
        #expect(try open(whole) == clear)
    }

    @Test("every length in small chunks", arguments: [64, 128])
    func everyLength(_ chunk: Int) throws {
        for count in 0...(4 * chunk + 1) {
            let clear = bytes(count)
            #expect(try open(seal(clear, chunk: chunk, pieces: 1 + count % 150)) == clear)
        }
    }

    @Test("every flipped bit is refused, and the fault names the chunk")
    func flips() throws {
        let sealed = seal(bytes(200), chunk: 64)
        for bit in 0..<(sealed.count * 8) {
            var flipped = sealed
            flipped[bit / 8] ^= 1 << (bit % 8)
            let fault = #expect(throws: SealFault.self) { try open(flipped) }
            if bit / 8 >= 32 { #expect(fault?.offset == Int64(32 + (bit / 8 - 32) / 80 * 80)) }
            #expect(fault?.message.isEmpty == false && fault?.cure.isEmpty == false)
        }
    }

    @Test("every cut and every extension is refused", arguments: [0, 1, 63, 64, 65, 128, 200])
    func cuts(_ count: Int) {
        let sealed = seal(bytes(count), chunk: 64)
        for length in 0..<sealed.count { #expect(throws: SealFault.self) { try open(Array(sealed.prefix(length))) } }
        for more in 1...170 { #expect(throws: SealFault.self) { try open(sealed + [UInt8](repeating: 0, count: more)) } }
        #expect(throws: SealFault.self) { try open(sealed + sealed.dropFirst(32)) }
    }

    @Test("chunks that are exchanged, repeated, left out or taken from another file are refused")
    func reordered() {
        let clear = bytes(64 * 4)
        let sealed = seal(clear, chunk: 64)
        let other = seal(clear, chunk: 64)
        func chunk(_ file: [UInt8], _ index: Int) -> ArraySlice<UInt8> { file[(32 + 80 * index)..<(32 + 80 * index + 80)] }
        func file(_ order: [Int]) -> [UInt8] { order.reduce(Array(sealed.prefix(32))) { $0 + chunk(sealed, $1) } }
        #expect(throws: Never.self) { try open(file([0, 1, 2, 3])) }
        for order in [[1, 0, 2, 3], [0, 1, 3, 2], [0, 1, 1, 3], [0, 2, 3], [0, 1, 2], [3], [0, 0, 1, 2, 3], [0, 1, 2, 3, 3], [1, 2, 3]] {
            #expect(throws: SealFault.self) { try open(file(order)) }
        }
        for index in 0..<4 {
            var mixed = sealed
            mixed.replaceSubrange((32 + 80 * index)..<(32 + 80 * index + 80), with: chunk(other, index))
            #expect(throws: SealFault.self) { try open(mixed) }
        }
        #expect(throws: SealFault.self) { try open(Array(other.prefix(32)) + sealed.dropFirst(32)) }
    }

    @Test("each kind of trouble has its code")
    func codes() throws {
        func code(_ sealed: [UInt8]) -> SealFault.Code? {
            do { _ = try open(sealed) } catch { return error.code }
            return nil
        }
        #expect(code([]) == .notSealed)
        #expect(code(Array("organisation,code\n".utf8)) == .notSealed)
        #expect(code(Array("TZSEAL1\n".utf8)) == .damaged)
        #expect(code(seal([], chunk: 64, keyID: 8)) == .unknownKey)
        var odd = seal([], chunk: 64)
        odd[15] = 65
        #expect(code(odd) == .unknownForm)
        odd.replaceSubrange(12..<16, with: [255, 255, 255, 255])
        #expect(code(odd) == .unknownForm)
        #expect(code(seal([], chunk: 64)) == nil)
        let foreign = SealedBytes.seal([1].span, keyID: 7, key: DataKey.random())
        #expect(code(foreign) == .damaged)
    }

    @Test("the keys and nonces of many files and chunks never serve twice, and equal files look different")
    func nonces() {
        var beginnings = Set<[UInt8]>()
        for _ in 0..<20_000 { beginnings.insert(Array(SealedHeader(keyID: 1).bytes[16..<24])) }
        #expect(beginnings.count == 20_000)
        // Of equal chunks under one key stream the cipher texts would be equal.
        let sealed = (0..<50).map { _ in seal([UInt8](repeating: 0, count: 64 * 20), chunk: 64) }
        let texts = sealed.flatMap { file in (0..<20).map { Array(file[(32 + 80 * $0)..<(32 + 80 * $0 + 64)]) } }
        #expect(Set(texts).count == 1_000)
    }

    @Test("lengths that no sealed file has are refused without a trap")
    func hostileLengths() throws {
        let header = SealedHeader(keyID: 1, chunkBytes: 64)
        for length in [Int64.min, -1, 0, 31, 32, 47, 32 + 80 + 16, .max] {
            #expect(throws: SealFault.self) { try SealedLayout(fileBytes: length, header: header) }
        }
        #expect(try SealedLayout(fileBytes: 48, header: header).clearBytes == 0)
        #expect(try SealedLayout(fileBytes: 32 + 80 + 17, header: header).clearBytes == 65)
    }
}
