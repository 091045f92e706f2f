import CRocksDB
import Glibc

// Appending as the store sees it: the value of a page is what was there, followed by what every delivery added, in the
// order of commits. Concatenation is associative, so operands may be joined before the value they belong to is known.
//
// Erased entries are left out on the way.
//
// These are C callbacks that the store's own threads call. They touch nothing but their arguments and the list of what
// is erased, and are `unsafe` throughout, since all they get is addresses and lengths; the store keeps them alive for the
// length of the call and frees what is answered with `free`, because `delete_value` is null.

/// A merge operator that concatenates what is not erased. The options that it is given to own it.
func makeAppendOperator(_ erased: ErasedList) -> OpaquePointer? {
    // Balanced by the release when the store destroys the operator.
    let state = unsafe Unmanaged.passRetained(erased).toOpaque()
    return unsafe rocksdb_mergeoperator_create(
        state, { unsafe $0.map { unsafe Unmanaged<ErasedList>.fromOpaque($0).release() } }, fullMerge, partialMerge, nil,
        { _ in unsafe operatorName })
}

/// The name is written into the store; another name could not open it. Lives as long as the process.
private nonisolated(unsafe) let operatorName: UnsafePointer<CChar>? = unsafe UnsafePointer(strdup("tianzhong.append.1"))

private func fullMerge(
    state: UnsafeMutableRawPointer?, _: UnsafePointer<CChar>?, _: Int, existing: UnsafePointer<CChar>?, existingLength: Int,
    operands: UnsafePointer<UnsafePointer<CChar>?>?, lengths: UnsafePointer<Int>?, count: Int32,
    success: UnsafeMutablePointer<UInt8>?, newLength: UnsafeMutablePointer<Int>?
) -> UnsafeMutablePointer<CChar>? {
    unsafe concatenate(state, existing, existingLength, operands, lengths, Int(count), success, newLength)
}

private func partialMerge(
    state: UnsafeMutableRawPointer?, _: UnsafePointer<CChar>?, _: Int, operands: UnsafePointer<UnsafePointer<CChar>?>?,
    lengths: UnsafePointer<Int>?, count: Int32, success: UnsafeMutablePointer<UInt8>?,
    newLength: UnsafeMutablePointer<Int>?
) -> UnsafeMutablePointer<CChar>? {
    unsafe concatenate(state, nil, 0, operands, lengths, Int(count), success, newLength)
}

private func concatenate(
    _ state: UnsafeMutableRawPointer?, _ existing: UnsafePointer<CChar>?, _ existingLength: Int, _ operands: UnsafePointer<UnsafePointer<CChar>?>?,
    _ lengths: UnsafePointer<Int>?, _ count: Int, _ success: UnsafeMutablePointer<UInt8>?,
    _ newLength: UnsafeMutablePointer<Int>?
) -> UnsafeMutablePointer<CChar>? {
    unsafe success?.pointee = 0
    guard let operands = unsafe operands, let lengths = unsafe lengths else { return nil }
    var total = unsafe existing == nil ? 0 : existingLength
    for index in 0..<count { total += unsafe lengths[index] }
    // An answer of null means failure, so even nothing gets an address.
    guard let joined = unsafe malloc(max(1, total)) else { return nil }
    var offset = 0
    if let existing = unsafe existing {
        unsafe memcpy(joined, existing, existingLength)
        offset = existingLength
    }
    for index in 0..<count {
        guard let operand = unsafe operands[index] else { continue }
        unsafe memcpy(joined + offset, operand, lengths[index])
        offset += unsafe lengths[index]
    }
    if let state = unsafe state, let erased = unsafe Unmanaged<ErasedList>.fromOpaque(state).takeUnretainedValue().current {
        offset = unsafe erase(erased, from: joined, count: offset)
    }
    unsafe newLength?.pointee = offset
    unsafe success?.pointee = 1
    return unsafe joined.assumingMemoryBound(to: CChar.self)
}

/// Leaves out what is erased from joined entries; how many bytes stay.
private func erase(_ erased: Erased, from joined: UnsafeMutableRawPointer, count: Int) -> Int {
    let bytes = unsafe UnsafeRawBufferPointer(start: joined, count: count).assumingMemoryBound(to: UInt8.self)
    switch unsafe ErasedList.remainder(of: bytes.span, without: erased) {
    case .everything: return count
    case .nothing: return 0
    case .part(let rest):
        unsafe rest.withUnsafeBytes { rest in
            if let start = rest.baseAddress { unsafe memcpy(joined, start, rest.count) }
        }
        return rest.count
    }
}
