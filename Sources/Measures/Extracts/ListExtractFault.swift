/// Why an extract of lists is not made, not believed, or gives no answer.
package struct ListExtractFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// The file: not UTF-8, of another format, cut off, not as we write it, too large, a page without an extract.
        case encoding, format, cut, malformed, size, page
        /// The signature: none of this key, one that does not hold, of another platform.
        case unsigned, signature, origin
        /// The clock: too old, made later than now.
        case expired, future
        /// The question: no such matter, a matter that is not for organisations, no code, a code with a slip of the pen, a natural person's number.
        case matter, subject, identifier, person
        /// The maker: the hours, nothing to look at, an older state of the logs that signs nothing.
        case hours, nothing, behind
    }

    package let code: Code
    /// Line of the file, from 1; nil where the whole is meant.
    package let line: Int?
    /// What is wrong, in Chinese.
    package let message: String
    /// What to do.
    package let cure: String

    init(_ code: Code, line: Int? = nil, _ message: String, cure: String) {
        self.code = code
        self.line = line
        self.message = message
        self.cure = cure
    }

    package var description: String { "\(line.map { "第 \($0) 行：" } ?? "")\(message)。\(cure)" }
}

extension ListExtractFault {
    private static let again = "请从平台重新下载摘录，不要编辑或转存其内容"

    static func notUTF8(line: Int) -> Self { Self(.encoding, line: line, "不是 UTF-8 文本", cure: again) }
    static let otherFormat = Self(.format, line: 1, "不是名单摘录（首行应为 \(ListExtract.format)）", cure: "请选择从平台下载的摘录文件；新格式的摘录须用新版程序打开")
    static func cut(line: Int) -> Self { Self(.cut, line: line, "文件不完整", cure: again) }
    static func malformed(line: Int) -> Self { Self(.malformed, line: line, "内容与格式不符", cure: again) }
    static let tooLarge = Self(.size, "文件超过 \(ListExtract.largestLength >> 20) MiB", cure: "请核对文件；名单过多时请联系信用平台")
    static func noteWrong(_ why: String) -> Self { Self(.cut, "签名部分不完整或被改动（\(why)）", cure: again) }
    static let noExtract = Self(.page, "网页里没有唯一的一份摘录", cure: again)
    static func templateWrong(_ why: String) -> Self { Self(.page, "网页模板不能用：\(why)", cure: "请恢复 Web/hall/extract.html") }

    static func notSigned(by name: String) -> Self { Self(.unsigned, "没有 \(name) 的签名", cure: "请核对公钥是否取自官方公布的渠道") }
    static func wrongSignature(of name: String) -> Self { Self(.signature, "\(name) 的签名无效，内容可能被改动", cure: "请勿使用这份摘录，并向信用平台反映") }
    static func otherOrigin(_ origin: String) -> Self { Self(.origin, line: 2, "摘录自称属于另一个平台：\(origin)", cure: "请勿使用这份摘录，并向信用平台反映") }

    static func expired(_ hours: Int) -> Self { Self(.expired, "摘录已过期（有效 \(hours) 小时）", cure: "请联网下载新的摘录；急件请电话向信用平台核对") }
    static let fromFuture = Self(.future, "摘录的生成时间晚于本机时间，本机时钟不对", cure: "请先校正本机的日期、时间和时区")

    static func noMatter(_ code: String) -> Self { Self(.matter, "摘录里没有事项“\(code)”", cure: "请核对事项编码；本单位当天可办的事项都在摘录里") }
    static let notForOrganisations = Self(.subject, "这个事项不适用于法人和非法人组织", cure: "请核对事项")
    static let noCode = Self(.identifier, "不是有效的代码", cure: "请填写统一社会信用代码、注册号或组织机构代码")
    static func wrongCode(_ why: String, cure: String) -> Self { Self(.identifier, why, cure: cure) }
    static let person = Self(.person, "这是个人的证件号码，摘录里没有个人", cure: ListExtract.notice)

    static let hoursWrong = Self(
        .hours, "有效时间须在 \(ListExtract.hoursAllowed.lowerBound) 到 \(ListExtract.hoursAllowed.upperBound) 小时之间", cure: "请换一个小时数，缺省为 \(ListExtract.defaultHours)")
    static func nothing(_ body: String) -> Self { Self(.nothing, "“\(body)”当天没有可查名单的用信事项", cure: "请核对单位编码和用信清单（matters.yaml）") }
    static let behind = Self(.behind, "数据目录是较早的状态，只能查阅，不能签发摘录", cure: "请从最新的备份恢复，再签发")
}
