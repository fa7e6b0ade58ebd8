import CLibZMQ

extension Poller {
    /// Names a member of the set; never reused.
    package struct Key: Hashable, Sendable {
        let number: Int
    }

    /// What to wait for.
    package struct Interest: OptionSet, Sendable {
        /// The raw bits.
        package let rawValue: UInt8
        /// A message or bytes can be read.
        package static let readable = Interest(rawValue: 1)
        /// At least one message or byte can be written; a ROUTER always says so.
        package static let writable = Interest(rawValue: 2)

        /// An interest from its bits.
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        var events: Int16 {
            Int16(
                (contains(.readable) ? ZMQ_POLLIN : 0) | (contains(.writable) ? ZMQ_POLLOUT : 0))
        }
    }

    /// A member that has something to do.
    package struct Ready: Equatable, Sendable {
        /// The member.
        package let key: Key
        /// Whether reading gives something.
        package let isReadable: Bool
        /// Whether writing takes something.
        package let isWritable: Bool
        /// Whether a descriptor hung up or broke; what is left in it can still be read.
        ///
        /// It stays so until the member is removed.
        package let isClosed: Bool
    }
}
