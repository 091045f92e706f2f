import Access
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identifiers
import Intake
import Ledger
import Registry

/// The two logs as the public sees them: keys, signed heads, tiles of hashes, consistency; and where witnesses leave their
/// cosignatures. Hashes say nothing of anybody: each leaf is salted.
struct LedgerRoutes: Sendable {
    let portal: Portal

    func add(to group: RouterGroup<PortalContext>) {
        group.get("", use: overview)
        group.get(":log/checkpoint", use: checkpoint)
        group.get(":log/key", use: key)
        group.get(":log/tile/:level/**", use: tile)
        group.get(":log/consistency", use: consistency)
        group.post(":log/cosignatures", use: cosign)
    }

    private func log(_ context: PortalContext) throws(Problem) -> SignedLog {
        switch context.parameters.get("log") {
        case "records": portal.desk.directory.ledger
        case "access": portal.access.log.tree
        default: throw Self.unknown
        }
    }

    private static let unknown = Problem.notFound("log-unknown", "没有这本账", "存证账本只有 records 和 access 两本。")

    private static func text(_ text: String, cache: String = "no-store") -> Response {
        Response(status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: cache], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    @Sendable func overview(_ request: Request, _ context: PortalContext) async throws -> Response {
        let logs = [("records", "档案账", portal.desk.directory.ledger), ("access", "查询账", portal.access.log.tree)]
        return try portal.answer(
            LedgerPage(
                shell: portal.frames.publicShell(title: "存证账本", request: request, current: "/ledger", crumbs: []),
                logs: logs.map { name, title, log in
                    LedgerPage.Log(
                        title: title, size: Figures.grouped(log.size), checkpoint: log.checkpoints.latest?.description ?? "（还没有签名的树头）",
                        cosigned: log.checkpoints.latestCosigned?.description, key: log.vkey, checkpointHref: "/ledger/\(name)/checkpoint",
                        keyHref: "/ledger/\(name)/key")
                }))
    }

    @Sendable func checkpoint(_ request: Request, _ context: PortalContext) async throws -> Response {
        let log = try log(context)
        guard let note = log.checkpoints.latest else { throw Problem.notFound("no-checkpoint", "还没有树头", "账本里还没有任何内容。") }
        return Self.text(note.description)
    }

    @Sendable func key(_ request: Request, _ context: PortalContext) async throws -> Response { Self.text(try log(context).vkey + "\n") }

    /// `tile/<level>/<index>` with the index in groups of three digits, all but the last with an x, and `.p/<width>` for a tile that is
    /// not full (C2SP tlog-tiles).
    @Sendable func tile(_ request: Request, _ context: PortalContext) async throws -> Response {
        let log = try log(context)
        guard let level = context.parameters.get("level").flatMap(Int.init), (0...5).contains(level),
            let place = Self.place(context.parameters.getCatchAll().map(String.init))
        else { throw Self.noTile }
        let bytes = try await portal.blocking {
            do { return try log.tree.tile(level: level, index: place.index, width: place.width) } catch { throw Self.noTile }
        }
        return Response(
            status: .ok, headers: [.contentType: "application/octet-stream", .cacheControl: place.width == TiledLog.tileWidth ? "public, max-age=31536000, immutable" : "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static let noTile = Problem.notFound("no-tile", "没有这一块", "账本还没有长到这一块，或地址写法不对。")

    /// Index and width of a tile's path; nil for any other text.
    static func place(_ parts: [String]) -> (index: Int, width: Int)? {
        var parts = parts
        var width = TiledLog.tileWidth
        if parts.count >= 2, let last = parts.last, parts[parts.count - 2].hasSuffix(".p") {
            guard let number = Int(last), (1..<TiledLog.tileWidth).contains(number), String(number) == last else { return nil }
            width = number
            parts.removeLast()
            parts[parts.count - 1].removeLast(2)
        }
        guard (1...5).contains(parts.count) else { return nil }
        var index = 0
        for (position, part) in parts.enumerated() {
            let isLast = position == parts.count - 1
            let digits = isLast ? part : String(part.dropFirst())
            guard isLast || part.hasPrefix("x"), digits.utf8.count == 3, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits)
            else { return nil }
            index = index * 1000 + number
        }
        return (index, width)
    }

    /// From the checkpoint that was the last at `from` (seconds since 1970) to the present one.
    @Sendable func consistency(_ request: Request, _ context: PortalContext) async throws -> Response {
        let log = try log(context)
        guard let time = try portal.query(request).text("from").flatMap(Int.init), let new = log.checkpoints.latest else { throw Self.noTile }
        return try await portal.blocking {
            guard let old = try log.checkpoints.note(at: time) else { throw Self.noTile }
            return Self.text(try log.consistency(from: old, to: new).description)
        }
    }

    /// A witness leaves its cosignature: one signature line over the present checkpoint. Only witnesses that the city has named count.
    @Sendable func cosign(_ request: Request, _ context: PortalContext) async throws -> Response {
        let log = try log(context)
        let bytes = try await portal.body(limit: 4096).collect(request.body)
        guard let text = String(validating: bytes, as: UTF8.self), let note = try? SignedNote(text), let signature = note.signatures.last,
            let witness = portal.settings.witnesses.lazy.compactMap(CosignatureVerifier.init(vkey:)).first(where: { $0.key.name == signature.name })
        else {
            throw Problem(
                status: .forbidden, code: "witness-unknown", title: "不是登记的见证方", detail: "没有登记这个见证方，或内容不是一份签名的树头。",
                cure: "请由信用中心在启动参数 --witness 中登记见证方的公钥。")
        }
        let kept: SignedNote
        do { kept = try log.checkpoints.add(signature, to: note, by: witness) } catch {
            throw Problem.badRequest("cosignature-refused", "见证签名不成立", "签名不是对当前树头的，或验证不通过。", cure: "请重新取得当前树头再签名。")
        }
        return Self.text(kept.description)
    }
}

/// 存证账本: both logs' heads and keys.
struct LedgerPage: Page {
    static let templates = ["ledger"]
    var shell: Shell
    var logs: [Log]

    struct Log: Sendable {
        var title: String
        var size: String
        /// The signed head as text.
        var checkpoint: String
        /// The last one that witnesses cosigned.
        var cosigned: String?
        var key: String
        var checkpointHref: String
        var keyHref: String
    }
}

extension Portal {
    /// The proof of an access event, as a file to keep. Without its salt an event can no longer be shown.
    func proof(of event: AccessEvent) throws -> Response {
        guard let data = event.leafBytes else { throw Problem.notFound("event-erased", "内容已清除", "这条记录的内容已依法清除，账本中只剩摘要。") }
        let now = clock()
        if Int(event.position) >= access.log.tree.size { try access.log.signHead(at: now) }
        let proof = try access.log.tree.proof(
            of: Int(event.position), data: LeafData(bytes: data), at: Int(now.milliseconds / 1000))
        return Self.proofFile(proof, named: "查询记录-\(event.position)")
    }

    static func proofFile(_ proof: ProofFile, named name: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename*=UTF-8''\(PercentCoding.encode("\(name).tlog-proof"))",
            ], body: .init(byteBuffer: ByteBuffer(string: proof.description)))
    }
}
