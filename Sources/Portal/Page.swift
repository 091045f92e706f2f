import HTTPTypes
import Hummingbird

/// A finished page: plain values that one template shows. Building one does all the thinking; the template only places the values.
protocol Page: Sendable {
    /// File names of the page's templates, without `.mustache`; more than one where public and staff see it in different shells.
    static var templates: [String] { get }
    /// The one of `templates` that this page uses.
    var template: String { get }
    /// What stands around the content.
    var shell: Shell { get }
}

extension Page {
    var template: String { Self.templates[0] }
}

/// Every page there is: the loader checks that each has its template.
enum Pages {
    static let all: [any Page.Type] = [
        HomePage.self, AboutPage.self, SearchPage.self, SubjectPage.self, RecordPage.self, CataloguePage.self, ResourcePage.self,
        ErrorPage.self, StaffHomePage.self, PersonPage.self, SourcePage.self, DeliveriesPage.self, NewDeliveryPage.self, ReceiptPage.self,
        ProgressPage.self, RejectionsPage.self, CoveragePage.self, TablePage.self, LoginPage.self, LedgerPage.self, VerificationPage.self, EmbeddedPage.self, ListsPage.self,
    ]
}

extension Response {
    /// A page as an answer. Pages are never kept by caches: each shows a state at a time.
    init(_ page: some Page, with templates: Templates, status: HTTPResponse.Status = .ok) throws {
        let text = try templates.render(page)
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// Sends the browser on with GET, e.g. after a form was taken.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }
}
