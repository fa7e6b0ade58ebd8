/// Header fields of the API beyond those of HTTP.
package enum APIHeader {
    /// How many bytes of an unfinished upload the coordinator has.
    ///
    /// An upload is resumed by a PUT with `Content-Range: bytes FIRST-LAST/LENGTH` (RFC 9110,
    /// section 14.5), FIRST being this number; a PUT with `Content-Range: bytes */LENGTH` and no
    /// body asks for it.
    package static let uploadOffset = "Upload-Offset"
}
