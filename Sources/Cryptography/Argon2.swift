import CArgon2

/// argon2id (RFC 9106), version 0x13, by libargon2; one thread, which overwrites its memory at the end.
///
/// - Parameters:
///   - secret: mixed in; empty for none.
///   - associated: mixed in; empty for none.
///   - count: bytes of the tag.
/// - Throws: `KeyFault(.memory)` where the memory is not to be had.
func argon2id(
    _ password: [UInt8], salt: [UInt8], secret: [UInt8] = [], associated: [UInt8] = [], cost: PasswordHash.Cost, count: Int
) throws(KeyFault) -> [UInt8] {
    // The library takes pointers it could write through; it does so only where flags ask it to overwrite its input.
    var (password, salt, secret, associated) = (password, salt, secret, associated)
    defer {
        wipe(&password)
        wipe(&secret)
    }
    var tag = [UInt8](repeating: 0, count: count)
    let lengths = (password: UInt32(password.count), salt: UInt32(salt.count))
    let more = (secret: UInt32(secret.count), associated: UInt32(associated.count))
    let problem = unsafe tag.withUnsafeMutableBufferPointer { tag in
        unsafe password.withUnsafeMutableBufferPointer { password in
            unsafe salt.withUnsafeMutableBufferPointer { salt in
                unsafe secret.withUnsafeMutableBufferPointer { secret in
                    unsafe associated.withUnsafeMutableBufferPointer { associated in
                        var context = unsafe argon2_context(
                            out: tag.baseAddress, outlen: UInt32(tag.count), pwd: password.baseAddress, pwdlen: lengths.password,
                            salt: salt.baseAddress, saltlen: lengths.salt, secret: secret.baseAddress, secretlen: more.secret,
                            ad: associated.baseAddress, adlen: more.associated, t_cost: cost.passes, m_cost: cost.memory,
                            lanes: cost.lanes, threads: 1, version: UInt32(ARGON2_VERSION_13.rawValue), allocate_cbk: nil,
                            free_cbk: nil, flags: 0)
                        return unsafe argon2id_ctx(&context)
                    }
                }
            }
        }
    }
    // What else it can complain of are lengths and costs out of range, which callers make right.
    precondition(problem == ARGON2_OK.rawValue || problem == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue, "libargon2 made no hash")
    guard problem == ARGON2_OK.rawValue else {
        throw KeyFault(.memory, "内存不足，无法核对密码", cure: "请稍后重试；反复出现时请增加内存或减少同时登录的人数")
    }
    return tag
}
