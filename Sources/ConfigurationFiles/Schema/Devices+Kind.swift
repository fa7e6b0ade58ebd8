import Vocabulary

extension Kind where Value == DeviceAmount {
    /// A share of a GPU or a number of whole ones.
    static let deviceAmount = Kind("a number of GPUs, such as `2`, or a share, such as `0.5`") {
        node, problems in
        let count: Double? =
            switch node.scalar {
            case .integer(let number): Double(number)
            case .float(let number): number
            default: nil
            }
        guard let count, count >= 0, let amount = DeviceAmount(count: count) else {
            problems.mismatch(
                node, expected: "a whole number of GPUs, or a share below 1",
                fix: "Write `1`, `2` and so on, or a share of one GPU such as `0.5`.")
            return nil
        }
        return amount
    }
}

extension Kind where Value == DeviceChoice {
    /// All, none, or a list of positions.
    static let deviceChoice = Kind("`all`, `none`, or a list of positions, such as `[0, 2]`") {
        node, problems in
        if node.scalar == .text("all") { return .all }
        if node.scalar == .text("none") { return .only([]) }
        guard case .sequence = node.content else {
            problems.mismatch(
                node, expected: "`all`, `none`, or a list of positions, such as `[0, 2]`")
            return nil
        }
        let positions = Kind<[UInt32]>.list(
            of: .integer(0...UInt32(Limits.devicesPerWorker - 1)),
            limit: Limits.devicesPerWorker, noun: "a list of positions")
        return positions.read(node, &problems).map { .only($0) }
    }
}
