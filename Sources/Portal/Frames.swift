import Access
import Hummingbird
import Registry

/// Makes shells: the same header, menus and footer for every page.
struct Frames: Sendable {
    let site: Site

    private static let publicMenu = [
        Link(label: "首页", href: "/"), Link(label: "信用查询", href: "/search"), Link(label: "名单公示", href: "/lists"),
        Link(label: "信息资源目录", href: "/catalogue"), Link(label: "存证账本", href: "/ledger"), Link(label: "平台说明", href: "/about"),
    ]
    /// Every entry that a page behind a login may have; a role sees those that the policy table gives it.
    private static let deskMenu = [
        Link(label: "工作台", href: "/staff"), Link(label: "我的信用档案", href: "/me"), Link(label: "谁查过我", href: "/me/looks"),
        Link(label: "授权管理", href: "/me/consents"), Link(label: "信用核查", href: "/staff/verification"), Link(label: "批量核查", href: "/staff/verification-sheets"), Link(label: "名单摘录", href: "/staff/list-extracts"),
        Link(label: "名单认定", href: "/staff/listings"), Link(label: "报送批次", href: "/staff/deliveries"), Link(label: "新建报送", href: "/staff/deliveries/new"),
        Link(label: "归集与覆盖", href: "/staff/coverage"), Link(label: "查自然人", href: "/staff/persons"), Link(label: "收到的授权", href: "/staff/consents"),
        Link(label: "账号", href: "/admin/accounts"), Link(label: "跨县区授权", href: "/admin/grants"), Link(label: "接口程序", href: "/admin/clients"),
        Link(label: "权限表", href: "/admin/matrix"), Link(label: "审计日志", href: "/audit/events"), Link(label: "异常查询", href: "/audit/alerts"),
        Link(label: "信息资源目录", href: "/catalogue"),
    ]

    /// The shell of a public page. `crumbs` are the steps between 首页 and this page; nil shows no breadcrumb.
    func publicShell(title: String, request: Request, current: String? = nil, crumbs: [Link]? = nil, query: String = "") -> Shell {
        shell(
            title: title, request: request, menu: Self.publicMenu, current: current,
            crumbs: crumbs.map { Crumbs(links: [Link(label: "首页", href: "/")] + $0, here: title) }, query: query)
    }

    /// The shell of a page behind a login, as a role sees it.
    func staffShell(
        title: String, request: Request, role: Role?, table: AccessTable, current: String? = nil, crumbs: [Link]? = nil
    ) -> Shell {
        let menu = Self.deskMenu.filter { link in
            guard let rule = table.rule("GET", link.href) else { return false }
            return rule.isPublic || role.map { rule.scopes[$0] != nil } ?? false
        }
        let home = role.map(LoginRoutes.home) ?? "/staff"
        return shell(
            title: title, request: request, menu: menu, current: current,
            // A way of one step from a page to itself leads nowhere.
            crumbs: current == home ? nil : crumbs.map { Crumbs(links: [Link(label: menu.first { $0.href == home }?.label ?? "首页", href: home)] + $0, here: title) }, query: "")
    }

    private func shell(
        title: String, request: Request, menu: [Link], current: String?, crumbs: Crumbs?, query: String
    ) -> Shell {
        let large = TextSize.isLarge(request)
        // A search that is not repeated in its box was refused, a person's number perhaps: no link carries it on.
        let here = current == "/search" && query.isEmpty ? "/search" : request.uri.string
        let back = PercentCoding.encode(request.method == .get ? here : "/")
        return Shell(
            title: title, siteName: site.name, fullName: site.fullName, query: query,
            menu: menu.map { MenuItem(label: $0.label, href: $0.href, current: $0.href == current ? "page" : nil) }, crumbs: crumbs,
            textClass: large ? "large" : "",
            textSwitch: Link(
                label: large ? "标准字号" : "大字版", href: "/preferences/text-size?large=\(large ? "0" : "1")&back=\(back)"),
            footer: footer, demonstration: site.demonstration,
            // Where the login leads to whoever has one.
            account: Link(label: SessionCookie.token(of: request) == nil ? "登录" : "我的工作台", href: "/login"), refresh: nil)
    }

    private var footer: [Fact] {
        [
            Fact("主办单位", site.owner), Fact("承办单位", site.keeper), Fact("网站标识码", site.siteCode), Fact("备案号", site.filingNumber),
            Fact("公安备案", site.policeNumber), Fact("联系电话", site.telephone),
        ].filter { !$0.value.isEmpty }
    }
}

/// 大字版 by cookie: read by every page, set by one route.
enum TextSize {
    static let cookie = "__Host-tz-text"

    static func isLarge(_ request: Request) -> Bool { request.cookies[cookie]?.value == "large" }

    /// The page to go back to: only an address of our own.
    static func back(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return "/" }
        return path
    }
}
