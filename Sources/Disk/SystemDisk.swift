internal import Glibc

/// The machine's disk, by descriptors.
package struct SystemDisk: Disk {
    package init() {}

    package func create(_ path: String, mode: UInt32) throws(DiskFault) -> Int32 {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw DiskFault(number: errno, path: path) }
        return descriptor
    }

    package func append(_ bytes: Span<UInt8>, to file: Int32, at path: String) throws(DiskFault) {
        let failure = unsafe bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count {
                let count = unsafe Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)  // not empty: done < count
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return count < 0 ? errno : EIO }
                done += count
            }
            return 0
        }
        if failure != 0 { throw DiskFault(number: failure, path: path) }
    }

    package func sync(_ file: Int32, at path: String) throws(DiskFault) {
        guard fsync(file) == 0 else { endProcess(inDoubtAbout: path, reason: lastReason()) }
    }

    package func close(_ file: Int32) { Glibc.close(file) }

    package func rename(_ source: String, as target: String) throws(DiskFault) {
        guard unsafe Glibc.rename(source, target) == 0 else { throw DiskFault(number: errno, path: target) }
    }

    package func remove(_ path: String) throws(DiskFault) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw DiskFault(number: errno, path: path) }
    }

    package func makeFolder(_ path: String, mode: UInt32) throws(DiskFault) {
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw DiskFault(number: errno, path: path) }
    }

    package func removeFolder(_ path: String) throws(DiskFault) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw DiskFault(number: errno, path: path) }
    }

    package func syncFolder(_ path: String) throws(DiskFault) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DiskFault(number: errno, path: path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { endProcess(inDoubtAbout: path, reason: lastReason()) }
    }

    package func names(in folder: String) throws(DiskFault) -> [String] {
        guard let handle = unsafe opendir(folder) else {
            guard errno == ENOENT else { throw DiskFault(number: errno, path: folder) }
            return []
        }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let item = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: item.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func read(_ path: String) throws(DiskFault) -> [UInt8] {
        var bytes: [UInt8] = []
        let isWhole = readPieces(of: path) { piece in
            unsafe piece.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        }
        guard isWhole else { throw DiskFault(number: errno, path: path) }
        return bytes
    }

    package func freeBytes(at path: String) throws(DiskFault) -> UInt64 {
        var disk = statvfs()
        guard unsafe statvfs(path, &disk) == 0 else { throw DiskFault(number: errno, path: path) }
        return UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
    }
}

private func lastReason() -> String { unsafe String(cString: strerror(errno)) }
