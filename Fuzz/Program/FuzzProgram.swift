import Glibc
import Properties

// libFuzzer's own entry into a program that brings its `main`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `Fuzz --list` names the targets with their executions and longest input; `TIANZHONG_FUZZ_TARGET=<target> Fuzz …` fuzzes one,
/// with the options and inputs of libFuzzer.
///
/// SwiftPM links an executable's `main` from `<module>_main`.
@_cdecl("Fuzz_main")
public func fuzzMain(_ count: CInt, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var words = unsafe words
    guard unsafe getenv("TIANZHONG_FUZZ_TARGET") != nil else {
        for target in FuzzTarget.allCases { print(target.rawValue, target.executions, target.longestInput) }
        return 0
    }
    return unsafe runDriver(&count, &words) { start, count in
        unsafe fuzz(UnsafeBufferPointer(start: start, count: count))
        return 0
    }
}

private let target: FuzzTarget = {
    guard let name = unsafe getenv("TIANZHONG_FUZZ_TARGET"), let target = unsafe FuzzTarget(rawValue: String(cString: name)) else {
        print("no such target; Fuzz without TIANZHONG_FUZZ_TARGET lists them")
        exit(64)
    }
    return target
}()

private func fuzz(_ input: UnsafeBufferPointer<UInt8>) {
    do { try unsafe target.check(Array(input)) } catch {
        // Whatever is thrown is a broken promise; libFuzzer keeps the input of a process that ends so.
        let words = Array("\(target.rawValue): \(error)\n".utf8)
        unsafe write(2, words, words.count)
        abort()
    }
}
