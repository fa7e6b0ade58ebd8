/// The named limit of every queue, table and message.
package enum Limits {
    /// Bytes of one frame on the control socket; larger ones are dropped by the socket.
    package static let controlFrameBytes = 128 * 1024
    /// Bytes of one frame on the artifact socket.
    package static let artifactFrameBytes = 512 * 1024
    /// Bytes of one chunk of an artifact.
    package static let artifactChunkBytes = 256 * 1024
    /// Places at which one worker looks for its coordinator.
    package static let coordinatorPlaces = 8
    /// Chunks of one artifact that may be under way at once.
    package static let artifactWindowChunks = 10
    /// Bytes of one artifact.
    package static let artifactBytes: UInt64 = 64 << 30
    /// Files of one data set.
    package static let filesPerDataSet = 100_000
    /// Bytes of one manifest of a data set.
    package static let manifestBytes = 128 << 20
    /// Chunks of one data set.
    package static let chunksPerDataSet = Int(artifactBytes) / artifactChunkBytes
    /// Chunks of a data set that a worker has under way at once, from all sources together.
    package static let dataWindowChunks = 32
    /// Chunks that one answer says where to get, and one question says are under way.
    package static let chunksPerOrder = 64
    /// Workers that a worker says it asks no more.
    package static let distrustedPeers = 256
    /// Data sets that a worker says others may fetch from it.
    package static let sharedDataSets = 256
    /// Data sets of which the coordinator knows who has what.
    package static let swarms = 256
    /// Data sets that may be added, earlier contents of a name among them.
    package static let dataSets = 100_000
    /// Messages in one control frame.
    package static let messagesPerFrame = 1024
    /// Frames that one turn of a loop takes from its socket.
    package static let framesPerTurn = 256
    /// Events that wait for the control loop.
    package static let eventQueue = 65_536
    /// Directives for one peer that wait while its pipe is full.
    package static let messagesPerPeer = 4096
    /// Leases that one worker may hold.
    package static let leasesPerWorker = 4096
    /// CPUs that one worker may offer.
    package static let cpusPerWorker: UInt32 = 4096
    /// Labels of one worker, or that one trial asks for.
    package static let labels = 64
    /// Bytes of a label's name, and of its value.
    package static let labelBytes = 128
    /// GPUs that one worker may offer.
    package static let devicesPerWorker = 256
    /// Workers known to one coordinator.
    package static let workers = 10_000
    /// Hosts of one hosts file.
    package static let hosts = 1_000
    /// Hosts that a command works on at the same time.
    package static let hostsAtOnce = 64
    /// Bytes that are kept of what a host says in one step.
    package static let hostOutputBytes = 64 * 1024
    /// Join tokens that may be in force at once.
    package static let liveTokens = 1_000
    /// How long a join token may be in force.
    package static let tokenLifetime = Duration.seconds(30 * 86_400)
    /// Sweeps that may be open at once.
    package static let openSweeps = 1_000
    /// Experiments of one sweep.
    package static let experimentsPerSweep = 64
    /// Trials of one sweep.
    package static let trialsPerSweep = 10_000_000
    /// Parameters of one search space.
    package static let parametersPerSpace = 512
    /// Values of one categorical parameter.
    package static let valuesPerParameter = 10_000
    /// Bytes of a name: sweep, experiment, parameter, metric, model, host.
    package static let nameBytes = 256
    /// Bytes of a text for people: an error message, a reason.
    package static let messageBytes = 4096
    /// Metrics in one report.
    package static let metricsPerReport = 64
    /// Reports kept of one attempt; later ones are refused.
    package static let reportsPerAttempt = 100_000
    /// Bytes of one answer about a running execution's log.
    package static let logPartBytes = 32 * 1024
    /// How long a worker builds an environment, or fetches an image, before it gives up.
    package static let environmentTime = Duration.seconds(3600)
    /// Processes and threads of one trial: far above what data loaders and thread pools start on
    /// a large host, far below what makes it unusable.
    package static let processesPerTrial = 1024
    /// Words of a command.
    package static let commandWords = 256
    /// Artifacts of one attempt.
    package static let artifactsPerAttempt = 64
    /// Bytes of a sweep file.
    package static let sweepFileBytes = 1 << 20
    /// Suggestions asked from the search pool at once.
    package static let suggestionsPerRequest = 4096
    /// Attempts of one trial, whatever ended them.
    package static let attemptsPerTrial: UInt32 = 100
    /// Finalists times seeds that one gate may ask for.
    package static let confirmationsPerSweep = 256
    /// The largest weight of a user or a sweep.
    package static let weight: UInt32 = 1000
    /// The largest number of CPUs that a user can be held to.
    package static let quotaCPUs: UInt32 = 1 << 24
    /// Users whom the coordinator's file can name.
    package static let users = 10_000
}
