import Vocabulary

/// Every combination of the parameters' values once, in the order of the file: the last
/// parameter changes fastest.
///
/// A conditional parameter multiplies only the branches in which it takes part. Conditions name
/// one earlier parameter each, so the parameters form a forest; the combinations below a
/// parameter are counted once, and any point is found from its number without the ones before.
struct GridSampler {
    /// A value of a parameter under which other parameters take part.
    private struct Branch {
        /// The place of the value among the parameter's.
        let position: UInt64
        /// The parameters that take part under it.
        var children: [Int]
        /// The product of the combinations below the children.
        var combinations: UInt64 = 1
    }

    private struct Axis {
        let name: String
        let values: Enumeration
        let isRoot: Bool
        /// In the order of positions.
        let branches: [Branch]
        /// Combinations of this parameter and all that depend on it.
        let combinations: UInt64

        /// The value that covers combination `unit`, where values without a branch cover one.
        func locate(_ unit: UInt64) -> (position: UInt64, start: UInt64, branch: Branch?) {
            var start: UInt64 = 0
            var position: UInt64 = 0
            for branch in branches {
                let plain = branch.position - position
                if unit - start < plain { break }
                start += plain
                if unit - start < branch.combinations { return (branch.position, start, branch) }
                start += branch.combinations
                position = branch.position + 1
            }
            return (position + (unit - start), unit, nil)
        }
    }

    private let axes: [Axis]
    /// How many combinations there are.
    let count: UInt64

    /// Nil when a parameter cannot be enumerated or the combinations cannot be counted in 64 bits.
    init?(space: SearchSpace) {
        let activations = Activation.resolve(space)
        var children = [[Int]](repeating: [], count: activations.count)
        for (index, activation) in activations.enumerated() {
            if case .conditional(let parent, _) = activation { children[parent].append(index) }
        }
        var total: UInt64 = 1
        var reversedAxes: [Axis] = []
        // From the last parameter to the first: what depends on a parameter stands after it.
        for index in activations.indices.reversed() {
            guard let values = Enumeration(space.parameters[index].domain) else { return nil }
            var branches = Self.branches(of: values, children: children[index], activations)
            var combinations = values.count - UInt64(branches.count)
            for place in branches.indices {
                for child in branches[place].children {
                    let below = reversedAxes[activations.count - 1 - child].combinations
                    guard branches[place].combinations.multiply(by: below) else { return nil }
                }
                guard combinations.add(branches[place].combinations) else { return nil }
            }
            let isRoot = if case .always = activations[index] { true } else { false }
            if isRoot, !total.multiply(by: combinations) { return nil }
            reversedAxes.append(
                Axis(
                    name: space.parameters[index].name, values: values, isRoot: isRoot,
                    branches: branches, combinations: combinations))
        }
        axes = reversedAxes.reversed()
        count = total
    }

    private static func branches(
        of values: Enumeration, children: [Int], _ activations: [Activation]
    ) -> [Branch] {
        let places = children.flatMap { child -> [(position: UInt64, child: Int)] in
            guard case .conditional(_, let accepted) = activations[child] else { return [] }
            return values.positions(of: accepted).map { ($0, child) }
        }
        var branches: [Branch] = []
        for place in places.sorted(by: { $0 < $1 }) {
            if let last = branches.indices.last, branches[last].position == place.position {
                branches[last].children.append(place.child)
            } else {
                branches.append(Branch(position: place.position, children: [place.child]))
            }
        }
        return branches
    }

    /// Combination `number`, which is below `count`.
    func point(_ number: UInt64) -> [Assignment] {
        var isActive = axes.map(\.isRoot)
        var remaining = number
        // The combinations of all active parameters from the present one on.
        var block = count
        var assignments: [Assignment] = []
        for (index, axis) in axes.enumerated() where isActive[index] {
            block /= axis.combinations
            let (position, start, branch) = axis.locate(remaining / block)
            remaining -= start * block
            if let branch {
                block *= branch.combinations
                for child in branch.children { isActive[child] = true }
            }
            assignments.append(Assignment(axis.name, axis.values.value(at: position)))
        }
        return assignments
    }
}

extension UInt64 {
    /// Multiplies in place; false when the product does not fit.
    fileprivate mutating func multiply(by factor: UInt64) -> Bool {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        self = product
        return !overflow
    }

    /// Adds in place; false when the sum does not fit.
    fileprivate mutating func add(_ summand: UInt64) -> Bool {
        let (sum, overflow) = addingReportingOverflow(summand)
        self = sum
        return !overflow
    }
}
