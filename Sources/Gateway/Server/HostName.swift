/// Names of hosts as they stand in addresses and Host headers.
enum HostName {
    /// Whether connections to `host` cannot come from another host.
    static func isLoopback(_ host: String) -> Bool {
        let name = canonical(host)
        guard name != "localhost", name != "::1" else { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The host of a Host header's value, without its port; nil when it is none.
    static func host(ofAuthority authority: String) -> String? {
        guard authority.utf8.count <= 255 else { return nil }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard isPort(rest) else { return nil }
            return canonical(String(authority[...end]))
        }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, isPort(authority[host.endIndex...]) else {
            return nil
        }
        return canonical(String(host))
    }

    /// `host` in lower case and without the brackets of an IPv6 address.
    static func canonical(_ host: String) -> String {
        let name = host.lowercased()
        return name.hasPrefix("[") && name.hasSuffix("]")
            ? String(name.dropFirst().dropLast()) : name
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.isEmpty || (text.hasPrefix(":") && UInt16(text.dropFirst()) != nil)
    }
}
