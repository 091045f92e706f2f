import CRocksDB
import Glibc
import Synchronization

// What compaction asks of each whole value that it rewrites. Values of which parts are still apart go through the merge
// operator instead, so that after one rewriting of everything nothing erased is left.
//
// As in the merge operator, these are C callbacks on the store's own threads. The store copies a changed value before the
// next call on the same thread and never frees it, so that each thread has one buffer here, freed at its next answer.

/// What the callbacks are given: the list of erased deliveries and the buffers of changed values.
final class FilterState: Sendable {
    let erased: ErasedList
    /// Addresses of buffers by thread.
    private let answers = Mutex<[UInt: UInt]>([:])

    init(_ erased: ErasedList) { self.erased = erased }

    deinit {
        answers.withLock { for address in $0.values { unsafe free(UnsafeMutableRawPointer(bitPattern: address)) } }
    }

    /// Puts bytes where the store can copy them from; `nil` where there is no memory.
    func lend(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar>? {
        guard let copy = unsafe malloc(max(1, bytes.count)) else { return nil }
        unsafe bytes.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe memcpy(copy, start, bytes.count) }
        }
        let address = UInt(bitPattern: copy)
        let earlier = answers.withLock { $0.updateValue(address, forKey: UInt(pthread_self())) }
        if let earlier { unsafe free(UnsafeMutableRawPointer(bitPattern: earlier)) }
        return unsafe copy.assumingMemoryBound(to: CChar.self)
    }
}

/// A filter that leaves out what is erased. Whoever makes it destroys it after the store is closed.
func makeCompactionFilter(_ erased: ErasedList) -> OpaquePointer? {
    // Balanced by the release when the store destroys the filter.
    let state = unsafe Unmanaged.passRetained(FilterState(erased)).toOpaque()
    return unsafe rocksdb_compactionfilter_create(
        state, { unsafe $0.map { unsafe Unmanaged<FilterState>.fromOpaque($0).release() } }, filter, { _ in unsafe filterName })
}

/// Lives as long as the process.
private nonisolated(unsafe) let filterName: UnsafePointer<CChar>? = unsafe UnsafePointer(strdup("tianzhong.erasure.1"))

/// Answers 1 where the key is to go.
private func filter(
    _ state: UnsafeMutableRawPointer?, _: CInt, key: UnsafePointer<CChar>?, keyLength: Int, value: UnsafePointer<CChar>?,
    valueLength: Int, newValue: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, newLength: UnsafeMutablePointer<Int>?,
    isChanged: UnsafeMutablePointer<UInt8>?
) -> UInt8 {
    guard let state = unsafe state else { return 0 }
    let filter = unsafe Unmanaged<FilterState>.fromOpaque(state).takeUnretainedValue()
    guard let erased = filter.erased.current else { return 0 }
    // Both stay valid until the callback returns.
    let keyBytes = unsafe UnsafeRawBufferPointer(start: key, count: keyLength).assumingMemoryBound(to: UInt8.self)
    let valueBytes = unsafe UnsafeRawBufferPointer(start: value, count: valueLength).assumingMemoryBound(to: UInt8.self)
    let keySpan = unsafe keyBytes.span
    guard keySpan.count > 0, keySpan[0] == KeySpace.page || keySpan[0] == KeySpace.suspended else { return 0 }
    switch unsafe ErasedList.remainder(of: valueBytes.span, without: erased) {
    case .everything: return 0
    case .nothing: return 1
    case .part(let rest):
        guard let answer = unsafe filter.lend(rest) else { return 0 }
        unsafe newValue?.pointee = answer
        unsafe newLength?.pointee = rest.count
        unsafe isChanged?.pointee = 1
        return 0
    }
}
