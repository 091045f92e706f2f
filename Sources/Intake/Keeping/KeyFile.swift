package import Cryptography
package import Disk
internal import Glibc

/// The key file of `SoftwareKeys`: 72 bytes that only their owner may read.
package enum KeyFile {
    /// Draws the keys of a new platform into a file that is not there yet; one that is there, whole, from a start that was cut off, is
    /// opened as it is. Never to be called where sealed data may be: a missing key file is then to be restored, not drawn anew.
    ///
    /// - Returns: the keys, their file durable.
    package static func draw(_ path: String, on disk: any Disk = SystemDisk()) throws(KeyFault) -> SoftwareKeys {
        do {
            return try open(path, on: disk)
        } catch where error.code == .missing {
            var file = SoftwareKeys.newFile()
            defer { wipe(&file) }
            do { try disk.write(file.span, to: path, mode: 0o600) } catch {
                throw KeyFault(.unreadable, "无法写入密钥文件 \(path)：\(error.reason)", cure: "请检查目录的属主、权限和剩余空间")
            }
            return try SoftwareKeys(file: file)
        }
    }

    /// Opens the keys of a platform.
    package static func open(_ path: String, on disk: any Disk = SystemDisk()) throws(KeyFault) -> SoftwareKeys {
        var file: [UInt8]
        do { file = try disk.read(path) } catch {
            guard error.code == .missing else {
                throw KeyFault(.unreadable, "密钥文件 \(path) 读不出：\(error.reason)", cure: "请检查文件的属主、权限和磁盘状态")
            }
            throw KeyFault(.missing, "密钥文件 \(path) 不存在", cure: "请从密钥备份恢复该文件；没有它，已加密的数据无法解开")
        }
        defer { wipe(&file) }
        var status = stat()
        // A simulated disk has no file here, and nothing to be asked.
        if unsafe lstat(path, &status) == 0, status.st_mode & 0o077 != 0 {
            throw KeyFault(.exposed, "密钥文件 \(path) 可被属主以外的用户读写", cure: "请执行 chmod 600 \(path)，并考虑密钥是否已经外泄")
        }
        return try SoftwareKeys(file: file)
    }
}
