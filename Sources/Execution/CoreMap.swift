/// The CPUs that trials can be pinned to, by the parts of the host (NUMA nodes) from which memory
/// is equally far.
package struct CoreMap: Hashable, Sendable {
    /// The numbers of each node's CPUs; those that share a core stand side by side.
    package let nodes: [[UInt32]]

    /// The CPUs of `nodes`.
    package init(nodes: [[UInt32]]) { self.nodes = nodes }

    /// All CPUs, node by node.
    package var all: [UInt32] { nodes.flatMap(\.self) }

    /// `count` CPUs that are not in `taken`, in ascending order; none when there are too few.
    ///
    /// They are of one node where that is possible, of the one with the least to spare, so that
    /// the others stay whole for wide trials.
    func cores(_ count: Int, without taken: Set<UInt32>) -> [UInt32] {
        let free = nodes.map { node in node.filter { !taken.contains($0) } }
        let sufficient = free.indices.filter { free[$0].count >= count }
        if let best = sufficient.min(by: { (free[$0].count, $0) < (free[$1].count, $1) }) {
            return free[best].prefix(count).sorted()
        }
        // As few nodes as possible: those with the most left first.
        let order = free.indices.sorted { (free[$1].count, $0) < (free[$0].count, $1) }
        let cores = order.flatMap { free[$0] }
        return cores.count < count ? [] : cores.prefix(count).sorted()
    }
}
