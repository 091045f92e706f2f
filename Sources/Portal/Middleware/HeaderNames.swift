import HTTPTypes

/// Header names that HTTPTypes lacks. Each literal is a token of RFC 9110, so that the initialiser never gives nil.
extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let openerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let clearSiteData = HTTPField.Name("Clear-Site-Data")!
}
