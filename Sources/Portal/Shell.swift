/// What stands around every page's content: header, menus, breadcrumb, footer.
struct Shell: Sendable {
    /// Title of the page, without the site's name.
    var title: String
    var siteName: String
    var fullName: String
    /// Text in the search box.
    var query: String
    /// Entries of the public header or of the staff's left menu.
    var menu: [MenuItem]
    /// Way from the start to this page; the last one has no link. Nil where there is none to show.
    var crumbs: Crumbs?
    /// `<html class>`: `large` for 大字版.
    var textClass: String
    /// Label and link that switch 大字版.
    var textSwitch: Link
    var footer: [Fact]
    /// 演示数据 notice.
    var demonstration: Bool
    /// Where to log in, or, for who is, to one's own pages.
    var account = Link(label: "登录", href: "/login")
    /// Who is at work, on pages behind a login.
    var desk: Desk?
    /// Reloads the page after so many seconds where no script runs (used while a delivery is in work).
    var refresh: Refresh?
    /// Module scripts, by their path below `/assets`.
    var scripts: [String] = []
}

/// What a page behind a login says about its reader.
struct Desk: Sendable {
    /// 单位 · 角色 · 姓名.
    var who: String
    /// The account's roles, to switch between.
    var roles: [Choice]
    /// There is more than one.
    var hasRoles: Bool
    var roleToken: String
    var logoutToken: String
    /// The purpose stated; it stays in sight until left.
    var purpose: StatedPurposeLine?
    /// 单位, 姓名, 时间, 事由: on everything printed.
    var watermark: String

    struct StatedPurposeLine: Sendable {
        var text: String
        var token: String
    }
}

struct MenuItem: Sendable {
    var label: String
    var href: String
    /// `aria-current` value: `page` or nil.
    var current: String?
}

struct Crumbs: Sendable {
    var links: [Link]
    var here: String
}

/// A label that leads somewhere.
struct Link: Sendable, Equatable {
    var label: String
    var href: String
}

/// A name and its value in a list of descriptions.
struct Fact: Sendable, Equatable {
    var name: String
    var value: String
    /// Where the value leads, if anywhere.
    var href: String?

    init(_ name: String, _ value: String, href: String? = nil) {
        self.name = name
        self.value = value
        self.href = href
    }
}

struct Refresh: Sendable {
    var seconds: Int
    var href: String
}

/// A state as word and shape; colour only repeats it (WCAG 1.4.1).
struct Tag: Sendable, Equatable {
    enum Tone: String, Sendable { case good, warn, bad, plain, busy }
    var word: String
    var shape: String
    /// Class of the style sheet.
    var tone: String

    init(_ word: String, _ tone: Tone) {
        self.word = word
        self.tone = tone.rawValue
        shape =
            switch tone {
            case .good: "●"
            case .warn: "▲"
            case .bad: "■"
            case .plain: "○"
            case .busy: "◐"
            }
    }
}

/// A message above the content.
struct Notice: Sendable, Equatable {
    /// Class of the style sheet: `info`, `warn`, `bad`, `good`.
    var tone: String
    var title: String
    var text: String
}

extension Notice {
    /// What went wrong and what to do.
    init(_ problem: Problem) { self.init(tone: "bad", title: problem.title, text: "\(problem.detail)\(problem.cure)") }
}

/// Which of several pages is shown; links are nil at the ends.
struct Pager: Sendable, Equatable {
    var here: Int
    var last: Int
    /// e.g. 共 1,204 条
    var total: String
    var first: String?
    var previous: String?
    var next: String?
    var final: String?
    /// There is more than one page (stored, since templates see stored values only).
    var isNeeded: Bool

    /// - Parameters:
    ///   - page: 1-based; clamped.
    ///   - unit: measure word with noun, e.g. 条.
    ///   - href: the address of page n.
    init(page: Int, size: Int, count: Int, unit: String, href: (Int) -> String) {
        last = max(1, (count + size - 1) / size)
        here = min(max(1, page), last)
        total = "共 \(Figures.grouped(count)) \(unit)"
        first = here > 1 ? href(1) : nil
        previous = here > 1 ? href(here - 1) : nil
        next = here < last ? href(here + 1) : nil
        final = here < last ? href(last) : nil
        isNeeded = last > 1
    }
}

/// One choice of a `<select>`.
struct Choice: Sendable, Equatable {
    var value: String
    var label: String
    var selected: Bool
}

/// Figures as people read them.
enum Figures {
    /// 1234567 → 1,234,567
    static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return value < 0 ? "-" + text : text
    }

    /// part of whole as a percentage with one decimal; – if the whole is 0.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        // Neither "all" nor "none" while it is not so.
        let rounded = (part * 2000 + whole) / (whole * 2)
        let tenths = part == whole ? 1000 : part == 0 ? 0 : min(999, max(1, rounded))
        return "\(tenths / 10).\(tenths % 10)%"
    }

    /// 1536 → 1.5 KB
    static func bytes(_ count: Int64) -> String {
        guard count >= 1024 else { return "\(count) 字节" }
        var value = count * 10 / 1024
        for unit in ["KB", "MB"] {
            if value < 10240 { return "\(value / 10).\(value % 10) \(unit)" }
            value /= 1024
        }
        return "\(value / 10).\(value % 10) GB"
    }

    /// A span of time in words: 8 秒, 3 分 20 秒, 2 小时 5 分.
    static func span(seconds: Int) -> String {
        if seconds < 60 { return "\(max(0, seconds)) 秒" }
        if seconds < 3600 { return "\(seconds / 60) 分 \(seconds % 60) 秒" }
        return "\(seconds / 3600) 小时 \(seconds % 3600 / 60) 分"
    }
}
