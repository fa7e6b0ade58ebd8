/// Who has a chunk of a data set.
package enum ChunkSource: Hashable, Comparable, Sendable {
    /// The coordinator, which has all of them.
    case coordinator
    /// A worker that has it already.
    case worker(WorkerID)
}

/// A chunk of a data set to ask of a source.
package struct ChunkOrder: Hashable, Sendable {
    /// The chunk's number, from 0.
    package var chunk: Int
    /// Whom to ask.
    package var source: ChunkSource

    /// Asks `source` for `chunk`.
    package init(chunk: Int, source: ChunkSource) {
        self.chunk = chunk
        self.source = source
    }
}
