/// What a worker sends to the coordinator on the control socket.
package enum WorkerMessage: Hashable, Sendable {
    /// The first message of a connection; sent again after a `resync`.
    indirect case hello(Hello)
    /// The worker lives: renews every lease it holds and states its window.
    case renew(Renewal)
    /// Points of learning curves, oldest first.
    case report([MetricReport])
    /// A checkpoint of an execution was stored on the coordinator.
    case checkpoint(AttemptID, Checkpoint)
    /// A part of what a running execution printed, in answer to a question.
    case log(LogPart)
    /// An execution ended.
    case result(AttemptResult)
    /// The worker takes no further leases until it says hello again: because it leaves when those
    /// it holds have ended, or for a reason that people should know, which is empty then.
    case draining(reason: String)
    /// The worker leaves now; what it still holds is to run elsewhere.
    case goodbye
    /// A host with a join token asks to be let in: the only message of such a connection.
    indirect case enrol(Enrolment)
    /// The worker is to be known by this public key; the present one ends when it is first used.
    case rotate(key: String)
}

/// How a host with a join token asks to be let in.
package struct Enrolment: Hashable, Sendable {
    /// The public half of the key that it made for itself, 40 characters of Z85.
    package var key: String
    /// The name for people.
    package var name: String
    /// Who and what it is.
    package var facts: WorkerFacts

    /// Describes a request; see the properties.
    package init(key: String, name: String, facts: WorkerFacts) {
        self.key = key
        self.name = name
        self.facts = facts
    }
}

/// How a worker introduces itself.
package struct Hello: Hashable, Sendable {
    /// The lowest protocol version it speaks.
    package var minimumVersion: UInt32
    /// The highest protocol version it speaks.
    package var maximumVersion: UInt32
    /// Who and what it is.
    package var facts: WorkerFacts
    /// How many CPUs worth of leases it wants beyond its CPUs, ready for when one ends.
    package var prefetch: UInt32
    /// The executions that it holds, running or queued.
    package var held: [AttemptID]
    /// Whether it can fetch data sets, which the first versions cannot.
    package var takesDataSets: Bool

    /// Describes an introduction; see the properties.
    package init(
        minimumVersion: UInt32 = ProtocolVersion.minimum,
        maximumVersion: UInt32 = ProtocolVersion.current, facts: WorkerFacts,
        prefetch: UInt32, held: [AttemptID], takesDataSets: Bool = true
    ) {
        self.minimumVersion = minimumVersion
        self.maximumVersion = maximumVersion
        self.facts = facts
        self.prefetch = prefetch
        self.held = held
        self.takesDataSets = takesDataSets
    }
}

/// A sign of life.
package struct Renewal: Hashable, Sendable {
    /// How many CPUs worth of leases it wants beyond its CPUs.
    package var prefetch: UInt32
    /// The executions that it holds, running or queued, in ascending order.
    package var held: [AttemptID]

    /// Describes a sign of life; see the properties.
    package init(prefetch: UInt32, held: [AttemptID]) {
        self.prefetch = prefetch
        self.held = held
    }
}

/// A part of what a running execution printed.
package struct LogPart: Hashable, Sendable {
    /// The question's number.
    package var request: RequestID
    /// The position of the first byte; after the one asked for when what was there is gone.
    package var offset: UInt64
    /// At most `Limits.logPartBytes` bytes; none when there are no more yet.
    package var bytes: [UInt8]

    /// Describes a part; see the properties.
    package init(request: RequestID, offset: UInt64, bytes: [UInt8]) {
        self.request = request
        self.offset = offset
        self.bytes = bytes
    }
}

/// The versions of the protocol that this build speaks.
package enum ProtocolVersion {
    /// The version that this build prefers.
    package static let current: UInt32 = 1
    /// The oldest version that this build still speaks: the one before the current.
    package static let minimum: UInt32 = max(1, current - 1)
}

extension ProtocolVersion {
    /// The highest version that both sides speak; nil when there is none.
    package static func negotiate(minimum: UInt32, maximum: UInt32) -> UInt32? {
        let highest = Swift.min(maximum, current)
        return highest >= Swift.max(minimum, self.minimum) ? highest : nil
    }

    /// Why a worker that speaks other versions cannot work for this coordinator, and what to do.
    package static func mismatch(
        minimum: UInt32, maximum: UInt32, software: String
    ) -> String {
        let remedy =
            maximum < self.minimum
            ? "upgrade the worker's host to picoml \(Software.version)"
            : "upgrade the coordinator to picoml \(software)"
        return "picoml \(software) on the worker speaks \(words(minimum, maximum)) of the protocol "
            + "and picoml \(Software.version) on the coordinator "
            + "\(words(self.minimum, current)): \(remedy); neighbouring versions work together"
    }

    /// `version 1`, `versions 1 to 2`.
    package static func words(_ minimum: UInt32, _ maximum: UInt32) -> String {
        minimum == maximum ? "version \(minimum)" : "versions \(minimum) to \(maximum)"
    }
}
