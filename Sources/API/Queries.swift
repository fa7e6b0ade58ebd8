package import Vocabulary

/// Which sweeps are wanted, newest first.
package struct SweepQuery: Hashable, Sendable {
    /// The most sweeps of one page: from 1 to 500.
    package var limit: Int
    /// Only sweeps submitted before this one; nil for the newest.
    package var before: SweepID?
    /// Only sweeps in this phase; nil for all.
    package var phase: Phase?

    /// Asks for sweeps.
    package init(limit: Int = 50, before: SweepID? = nil, phase: Phase? = nil) {
        self.limit = limit
        self.before = before
        self.phase = phase
    }

    /// Reads the part of a request after the question mark; throws a `Problem` for keys and
    /// values that mean nothing.
    package init(_ text: String) throws(Problem) {
        let query = try QueryText(text, keys: ["limit", "before", "phase"])
        limit = try query.integer("limit", in: 1...500) ?? 50
        before = try query.value("before", "the number of a sweep", SweepID.init(text:))
        phase = try query.choice("phase")
    }

    /// The part of a request after the question mark.
    package var text: String {
        QueryText.write([
            ("limit", "\(limit)"), ("before", before?.description), ("phase", phase?.rawValue),
        ])
    }
}

/// Which trials of a sweep are wanted.
package struct TrialQuery: Hashable, Sendable {
    /// What comes first.
    package enum Order: String, Hashable, Sendable, CaseIterable {
        /// The oldest.
        case number
        /// The best; only trials of the search that have an objective, and no `state`.
        case objective
    }

    /// Only trials of the experiment with this name; nil for all.
    package var experiment: String?
    /// Only trials that stand here; nil for all.
    package var state: TrialStanding?
    /// What comes first.
    package var order: Order
    /// The most trials of one page: from 1 to 500.
    package var limit: Int
    /// `next` of the page before; nil for the first page.
    package var cursor: String?

    /// Asks for trials.
    package init(
        experiment: String? = nil, state: TrialStanding? = nil, order: Order = .number,
        limit: Int = 100, cursor: String? = nil
    ) {
        self.experiment = experiment
        self.state = state
        self.order = order
        self.limit = limit
        self.cursor = cursor
    }

    /// Reads the part of a request after the question mark; throws a `Problem` for keys and
    /// values that mean nothing.
    package init(_ text: String) throws(Problem) {
        let query = try QueryText(
            text, keys: ["experiment", "state", "order", "limit", "cursor"])
        experiment = query.values["experiment"]
        state = try query.choice("state")
        order = try query.choice("order") ?? .number
        limit = try query.integer("limit", in: 1...500) ?? 100
        cursor = query.values["cursor"]
    }

    /// The part of a request after the question mark.
    package var text: String {
        QueryText.write([
            ("experiment", experiment), ("state", state?.rawValue), ("order", order.rawValue),
            ("limit", "\(limit)"), ("cursor", cursor),
        ])
    }
}

/// Which points of a learning curve are wanted.
package struct CurveQuery: Hashable, Sendable {
    /// The metric; nil for the sweep's objective.
    package var metric: String?
    /// The most points: from 2 to 10,000.
    package var points: Int

    /// Asks for points.
    package init(metric: String? = nil, points: Int = 200) {
        self.metric = metric
        self.points = points
    }

    /// Reads the part of a request after the question mark; throws a `Problem` for keys and
    /// values that mean nothing.
    package init(_ text: String) throws(Problem) {
        let query = try QueryText(text, keys: ["metric", "points"])
        metric = query.values["metric"]
        points = try query.integer("points", in: 2...10_000) ?? 200
    }

    /// The part of a request after the question mark.
    package var text: String {
        QueryText.write([("metric", metric), ("points", "\(points)")])
    }
}

/// Which part of a trial's log is wanted.
package struct LogQuery: Hashable, Sendable {
    /// The number of the execution, from 1; nil for the newest.
    package var attempt: UInt32?
    /// The first byte, from 0.
    package var offset: UInt64

    /// Asks for a part of a log.
    package init(attempt: UInt32? = nil, offset: UInt64 = 0) {
        self.attempt = attempt
        self.offset = offset
    }

    /// Reads the part of a request after the question mark; throws a `Problem` for keys and
    /// values that mean nothing.
    package init(_ text: String) throws(Problem) {
        let query = try QueryText(text, keys: ["attempt", "offset"])
        attempt = try query.integer("attempt", in: 1...Int(UInt32.max)).map { UInt32($0) }
        offset = UInt64(try query.integer("offset", in: 0...Int.max) ?? 0)
    }

    /// The part of a request after the question mark.
    package var text: String {
        QueryText.write([("attempt", attempt.map { "\($0)" }), ("offset", "\(offset)")])
    }
}
