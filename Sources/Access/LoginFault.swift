/// Why a login, or a step of it, did not succeed. Nothing here says whether an account exists.
package struct LoginFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// What went wrong, for code that has to choose.
    package enum Code: String, Sendable {
        case wrong, locked, busy, ended, weakPassword, samePassword, wrongCode, notApproved
    }

    package let code: Code
    /// What happened, in Chinese.
    package let message: String
    /// What to do about it, in Chinese.
    package let cure: String

    package var description: String { "\(message)。\(cure)。" }

    init(_ code: Code, _ message: String, cure: String) {
        self.code = code
        self.message = message
        self.cure = cure
    }

    static let wrong = LoginFault(.wrong, "账号或口令不对，或账号已被锁定", cure: "请核对后重试；连续 5 次错误锁定 15 分钟")
    static let locked = LoginFault(.locked, wrong.message, cure: wrong.cure)
    static let busy = LoginFault(.busy, "同时登录的人太多", cure: "请稍等几秒再试")
    static let ended = LoginFault(.ended, "登录已超时", cure: "请重新登录")
    static let wrongCode = LoginFault(.wrongCode, "动态口令不对，或已经用过", cure: "请等手机上换出新的 6 位数字后再输入")
}
