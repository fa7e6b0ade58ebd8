extension Array {
    /// The first index whose element satisfies `predicate`, in an array where all that do stand
    /// after all that do not; `count` when none does.
    func partitioningIndex(_ predicate: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
