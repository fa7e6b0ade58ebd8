import Vocabulary

/// How big the simulated world is and what is wrong with it on purpose.
package struct SimulationOptions: Sendable {
    /// The defect to find.
    package var sabotage: Sabotage
    /// Simulated time during which faults are injected.
    package var turmoil: Duration
    /// Simulated time within which everything must be done after the faults have stopped.
    package var patience: Duration
    /// Whether faults are injected at all.
    package var hasFaults: Bool

    /// Every fault and its strength is drawn from the seed.
    ///
    /// Source: Groce et al., "Swarm Testing", ISSTA 2012.
    package static let swarm = SimulationOptions()

    /// A world with other bounds than the swarm's.
    package init(
        sabotage: Sabotage = .none, turmoil: Duration = .seconds(90),
        patience: Duration = .seconds(3600), hasFaults: Bool = true
    ) {
        self.sabotage = sabotage
        self.turmoil = turmoil
        self.patience = patience
        self.hasFaults = hasFaults
    }
}

/// What one seed's world does to its inhabitants.
struct SwarmOptions {
    /// Whether messages of one connection may be lost, doubled and swapped, which ZeroMQ never
    /// does.
    var isHarsh = false
    var loss = 0.0
    var duplication = 0.0
    var delay = Duration.milliseconds(2)
    var longDelay = Duration.milliseconds(2)
    /// Breaks that the worker does not see.
    var transparentShare = 0.0
    /// Mean time between faults of a kind, nil for none, in the order of `Fault`.
    var intervals: [Duration?] = Array(repeating: nil, count: Fault.allCases.count)
    /// Crashes of the coordinator in the middle of a turn.
    var turnCrash = 0.0
    /// Crashes of a worker in the middle of a turn.
    var workerTurnCrash = 0.0
    var failureShare = 0.0
    var notFiniteShare = 0.0
    var missingShare = 0.0
    var slowShare = 0.0
    var fetchFailureShare = 0.0
    /// Whether people pause, cancel, promote and roll back.
    var whims: Duration?

    static let none = SwarmOptions()

    /// Each fault is there or not, and is as strong as the draw says.
    static func draw(from random: inout RandomSource) -> SwarmOptions {
        var options = SwarmOptions()
        options.isHarsh = random.chance(0.25)
        if options.isHarsh {
            options.loss = random.nextUnit() * 0.3
            options.duplication = random.nextUnit() * 0.5
        }
        options.delay = random.pick([
            .microseconds(200), .milliseconds(5), .milliseconds(50), .milliseconds(400),
        ])
        options.longDelay = random.pick([.milliseconds(5), .seconds(1), .seconds(6)])
        options.transparentShare = random.nextUnit()
        for fault in Fault.allCases where random.chance(0.5) {
            options.intervals[fault.rawValue] = random.pick([
                .seconds(5), .seconds(15), .seconds(40),
            ])
        }
        if random.chance(0.4) { options.turnCrash = random.nextUnit() * 0.01 }
        if random.chance(0.4) { options.workerTurnCrash = random.nextUnit() * 0.005 }
        if random.chance(0.5) { options.failureShare = random.nextUnit() * 0.3 }
        if random.chance(0.3) { options.notFiniteShare = random.nextUnit() * 0.2 }
        if random.chance(0.3) { options.missingShare = random.nextUnit() * 0.2 }
        if random.chance(0.3) { options.slowShare = random.nextUnit() * 0.1 }
        if random.chance(0.3) { options.fetchFailureShare = random.nextUnit() * 0.1 }
        if random.chance(0.6) {
            options.whims = random.pick([.seconds(1), .seconds(4), .seconds(12)])
        }
        return options
    }
}
