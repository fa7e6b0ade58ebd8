package import Vocabulary

/// Why a request was not met, and what to do about it (RFC 9457, problem details).
package struct Problem: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// What programs tell problems apart by.
    package var type: Kind
    /// The kind in words.
    package var title: String
    /// The HTTP status.
    package var status: Int
    /// What is wrong with this request, in one sentence.
    package var detail: String
    /// What to do about it, in one sentence; nil when the detail says it.
    package var fix: String?
    /// The problems of a file that was sent; nil when the problem is not in a file.
    package var diagnostics: [Diagnostic]?

    /// Describes a problem; title and status follow from the kind.
    package init(
        _ kind: Kind, _ detail: String, fix: String? = nil, diagnostics: [Diagnostic]? = nil
    ) {
        type = kind
        title = kind.title
        status = kind.status
        self.detail = detail
        self.fix = fix
        self.diagnostics = diagnostics
    }

    /// The detail, the fix and the diagnostics, a line each.
    package var description: String {
        var text = detail
        if let fix { text += " \(fix)" }
        for diagnostic in diagnostics ?? [] { text += "\n\(diagnostic)" }
        return text
    }
}

extension Problem {
    /// The kinds of problems; the raw value is the `type` of RFC 9457.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The request cannot be understood.
        case malformed = "urn:picoml:problem:malformed"
        /// No token, or a wrong one.
        case unauthenticated = "urn:picoml:problem:unauthenticated"
        /// The request names a host that this server does not answer for.
        case forbiddenHost = "urn:picoml:problem:forbidden-host"
        /// What is asked for does not exist.
        case notFound = "urn:picoml:problem:not-found"
        /// The path exists, but not with this method.
        case methodNotAllowed = "urn:picoml:problem:method-not-allowed"
        /// The body did not arrive in time.
        case tooSlow = "urn:picoml:problem:too-slow"
        /// The state of what is named does not allow it.
        case conflict = "urn:picoml:problem:conflict"
        /// The upload does not say how long it is.
        case lengthRequired = "urn:picoml:problem:length-required"
        /// The body is larger than allowed.
        case tooLarge = "urn:picoml:problem:too-large"
        /// The body is not of the type that the path takes.
        case unsupportedMediaType = "urn:picoml:problem:unsupported-media-type"
        /// The range lies outside the artifact.
        case rangeNotSatisfiable = "urn:picoml:problem:range-not-satisfiable"
        /// The request is understood, but asks for something that cannot be.
        case invalid = "urn:picoml:problem:invalid"
        /// A limit is reached.
        case limitReached = "urn:picoml:problem:limit-reached"
        /// The coordinator has a fault; its log says more.
        case fault = "urn:picoml:problem:fault"
        /// The coordinator is stopping or does not answer in time.
        case unavailable = "urn:picoml:problem:unavailable"
        /// The coordinator's disk is full.
        case diskFull = "urn:picoml:problem:disk-full"

        /// The kind in words.
        package var title: String {
            switch self {
            case .malformed: "The request cannot be understood"
            case .unauthenticated: "A valid token is needed"
            case .forbiddenHost: "The Host header is not allowed"
            case .notFound: "It does not exist"
            case .methodNotAllowed: "The method is not allowed here"
            case .tooSlow: "The request took too long to arrive"
            case .conflict: "Its state does not allow it"
            case .lengthRequired: "The length of the body is needed"
            case .tooLarge: "The body is too large"
            case .unsupportedMediaType: "The type of the body is not supported"
            case .rangeNotSatisfiable: "The range is outside the artifact"
            case .invalid: "What was sent cannot be used"
            case .limitReached: "A limit is reached"
            case .fault: "The coordinator has a fault"
            case .unavailable: "The coordinator cannot answer now"
            case .diskFull: "The coordinator's disk is full"
            }
        }

        /// The HTTP status (RFC 9110; 429 in RFC 6585; 507 in RFC 4918).
        package var status: Int {
            switch self {
            case .malformed: 400
            case .unauthenticated: 401
            case .forbiddenHost: 403
            case .notFound: 404
            case .methodNotAllowed: 405
            case .tooSlow: 408
            case .conflict: 409
            case .lengthRequired: 411
            case .tooLarge: 413
            case .unsupportedMediaType: 415
            case .rangeNotSatisfiable: 416
            case .invalid: 422
            case .limitReached: 429
            case .fault: 500
            case .unavailable: 503
            case .diskFull: 507
            }
        }
    }
}
