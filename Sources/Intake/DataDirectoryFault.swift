internal import Disk

/// Why a data directory cannot be made or opened.
package struct DataDirectoryFault: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case missing, exists, newerLayout, olderLayout, inUse, unwritable, damaged
    }

    package let code: Code
    package let path: String
    /// What is wrong, in Chinese.
    package let message: String
    /// What to do about it, in Chinese.
    package let cure: String

    package init(_ code: Code, path: String, _ message: String, cure: String) {
        self.code = code
        self.path = path
        self.message = message
        self.cure = cure
    }

    package var description: String { "数据目录 \(path)：\(message)。\(cure)" }
}

extension DataDirectoryFault {
    init(unwritable fault: DiskFault) {
        self.init(.unwritable, path: fault.path, "无法写入：\(fault.reason)", cure: "请检查目录的属主、权限和剩余空间")
    }

    init(unreadable fault: DiskFault) {
        self.init(.unwritable, path: fault.path, "读不出：\(fault.reason)", cure: "请检查目录的属主、权限和磁盘状态")
    }
}
