/// What a city sets about its portal: names, footer, limits, where the web folder is. Filled by the executable; nothing here is read from the environment.
package struct PortalSettings: Sendable {
    /// Folder with `templates/` and `assets/`.
    package var webDirectory: String
    /// Names and the footer that 国办发〔2017〕47号 asks of a government site.
    package var site: Site
    /// Host names (without port) under which the portal may be asked; the loopback names are always allowed.
    package var hosts: [String]
    /// Largest file taken by upload, in bytes.
    package var uploadLimit: Int64
    /// A body slower than this many bytes a second over ten seconds is given up.
    package var minimumBodyRate: Int
    /// Seconds without any byte after which an idle connection is closed.
    package var idleSeconds: Int64
    /// How often one address, user, body may ask.
    package var limits: RequestLimits
    /// Connections of one network address at a time; 0 for no limit.
    package var connectionsPerAddress: Int
    /// A reverse proxy on this machine (the SM TLS front) speaks for others and names them in X-Forwarded-For.
    package var isBehindProxy: Bool
    /// Public keys of the witnesses whose cosignatures are taken (`name+id+key`).
    package var witnesses: [String]
    /// What the login page of a demonstration says; nil for a city at work.
    package var demonstration: Demonstration?

    /// Settings with the defaults of a single machine.
    package init(
        webDirectory: String, site: Site = Site(), hosts: [String] = [], uploadLimit: Int64 = 4 << 30,
        minimumBodyRate: Int = 8 << 10, idleSeconds: Int64 = 10, limits: RequestLimits = RequestLimits(), connectionsPerAddress: Int = 50,
        isBehindProxy: Bool = false, witnesses: [String] = [], demonstration: Demonstration? = nil
    ) {
        self.webDirectory = webDirectory
        self.site = site
        self.hosts = hosts
        self.uploadLimit = uploadLimit
        self.minimumBodyRate = minimumBodyRate
        self.idleSeconds = idleSeconds
        self.limits = limits
        self.connectionsPerAddress = connectionsPerAddress
        self.isBehindProxy = isBehindProxy
        self.witnesses = witnesses
        self.demonstration = demonstration
    }
}

/// Accounts that anyone may use, of a demonstration.
package struct Demonstration: Sendable {
    /// Who is said to have proposed these accounts.
    package static let proposer = "demonstration"
    /// The password of all of them.
    package var password: String
    /// The secret of their one-time codes, Base32.
    package var secret: String

    package init(password: String, secret: String) {
        self.password = password
        self.secret = secret
    }
}

/// The names on every page, and the footer. An empty footer value is not shown.
package struct Site: Sendable {
    /// Short name in the header, e.g. 天中信用.
    package var name: String
    /// Full name, e.g. 驻马店市公共信用信息平台.
    package var fullName: String
    /// 主办单位.
    package var owner: String
    /// 承办单位.
    package var keeper: String
    /// 政府网站标识码.
    package var siteCode: String
    /// ICP 备案号.
    package var filingNumber: String
    /// 公安备案号.
    package var policeNumber: String
    /// 联系电话.
    package var telephone: String
    /// True while the data are made up: every page then says 演示数据.
    package var demonstration: Bool

    /// A site; what is left out stays empty and is not shown.
    package init(
        name: String = "天中信用", fullName: String = "驻马店市公共信用信息平台", owner: String = "驻马店市社会信用体系建设领导小组办公室",
        keeper: String = "驻马店市信用中心", siteCode: String = "", filingNumber: String = "", policeNumber: String = "",
        telephone: String = "", demonstration: Bool = false
    ) {
        self.name = name
        self.fullName = fullName
        self.owner = owner
        self.keeper = keeper
        self.siteCode = siteCode
        self.filingNumber = filingNumber
        self.policeNumber = policeNumber
        self.telephone = telephone
        self.demonstration = demonstration
    }
}
