/// A GPU of a host.
package struct Device: Hashable, Sendable, Codable {
    /// Whose it is, and thus how a program is told which ones are its own.
    package enum Maker: String, Hashable, Sendable, Codable, CaseIterable {
        /// NVIDIA.
        case nvidia
        /// AMD.
        case amd
    }

    /// Whose it is.
    package var maker: Maker
    /// By which its maker's libraries know it: a UUID, or a number from 0.
    package var identifier: String
    /// What its maker calls it.
    package var name: String
    /// Its own memory in bytes; 0 when that is not known.
    package var memoryBytes: UInt64
    /// The device file that a container needs for it, such as `/dev/dri/renderD128`; nil where its
    /// maker has another way, and for GPUs of other hosts.
    package var file: String?

    /// Describes a GPU; see the properties.
    package init(
        maker: Maker, identifier: String, name: String, memoryBytes: UInt64, file: String? = nil
    ) {
        self.maker = maker
        self.identifier = identifier
        self.name = name
        self.memoryBytes = memoryBytes
        self.file = file
    }

    /// Whether `text` can be the identifier of a GPU.
    package static func isIdentifier(_ text: String) -> Bool { Label.isWord(text) }
}

/// Which of its GPUs a worker offers, by their positions on the host.
package enum DeviceChoice: Hashable, Sendable {
    /// All that there are.
    case all
    /// Those at these positions, from 0.
    case only([UInt32])
}

/// An amount of GPUs: a share of one, or some whole ones.
package struct DeviceAmount: Hashable, Sendable, CustomStringConvertible {
    /// One whole GPU in `thousandths`.
    package static let whole: UInt32 = 1000
    /// No GPU.
    package static let none = DeviceAmount(unchecked: 0)

    /// How much, in thousandths of a GPU.
    package let thousandths: UInt32

    private init(unchecked thousandths: UInt32) { self.thousandths = thousandths }

    /// An amount of `thousandths`; nil for more than a whole GPU that is no number of whole ones,
    /// and for more than `Limits.devicesPerWorker`.
    package init?(thousandths: UInt32) {
        guard thousandths < Self.whole || thousandths % Self.whole == 0,
            thousandths / Self.whole <= UInt32(Limits.devicesPerWorker)
        else { return nil }
        self.thousandths = thousandths
    }

    /// An amount of `count` GPUs, such as 0.5 or 2; nil for one that is none.
    package init?(count: Double) {
        guard let thousandths = UInt32(exactly: (count * Double(Self.whole)).rounded()),
            count == 0 || thousandths > 0
        else { return nil }
        self.init(thousandths: thousandths)
    }

    /// The number of GPUs, such as 0.5 or 2.
    package var count: Double { Double(thousandths) / Double(Self.whole) }

    /// Whole GPUs; 0 for a share.
    package var wholeCount: Int { Int(thousandths / Self.whole) }

    /// As people write it: `0.5`, `2`.
    package var description: String {
        wholeCount > 0 || thousandths == 0 ? "\(wholeCount)" : "\(count)"
    }
}

extension DeviceAmount: Codable {
    /// Reads a number such as 0.5 or 2.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let amount = DeviceAmount(count: try container.decode(Double.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "GPUs are a share below 1 or a whole number")
        }
        self = amount
    }

    /// Writes a number.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }
}

/// How much of each GPU of a worker is taken.
package struct DeviceUse: Hashable, Sendable {
    // By position, in thousandths.
    private var taken: [UInt32]

    /// Nothing taken of `count` GPUs.
    package init(count: Int = 0) { taken = Array(repeating: 0, count: count) }

    /// How many GPUs there are.
    package var count: Int { taken.count }

    /// How many of them nothing is taken of.
    package var freeCount: Int { taken.count { $0 == 0 } }

    /// The positions that an amount would get; none for no GPUs, nil when there is no room.
    ///
    /// A share goes where the least is left that suffices, so that whole GPUs stay free.
    package func places(for amount: DeviceAmount) -> [UInt32]? {
        guard amount.thousandths > 0 else { return [] }
        let wanted = amount.wholeCount
        guard wanted > 0 else {
            let rooms = taken.indices.filter { hasRoom(for: amount, at: $0) }
            return rooms.max { (taken[$0], $1) < (taken[$1], $0) }.map { [UInt32($0)] }
        }
        let free = taken.indices.filter { taken[$0] == 0 }
        return free.count < wanted ? nil : free.prefix(wanted).map { UInt32($0) }
    }

    /// Whether an amount fits at these positions.
    package func hasRoom(for amount: DeviceAmount, at places: [UInt32]) -> Bool {
        places.allSatisfy { taken.indices.contains(Int($0)) && hasRoom(for: amount, at: Int($0)) }
    }

    /// Takes an amount at these positions; those that there are not are passed over.
    package mutating func take(_ amount: DeviceAmount, at places: [UInt32]) {
        for place in places where taken.indices.contains(Int(place)) {
            taken[Int(place)] += Self.share(of: amount)
        }
    }

    /// Gives back what was taken.
    package mutating func release(_ amount: DeviceAmount, at places: [UInt32]) {
        for place in places where taken.indices.contains(Int(place)) {
            taken[Int(place)] -= min(Self.share(of: amount), taken[Int(place)])
        }
    }

    private func hasRoom(for amount: DeviceAmount, at place: Int) -> Bool {
        taken[place] + Self.share(of: amount) <= DeviceAmount.whole
    }

    /// What is taken of each of the GPUs that the amount gets.
    private static func share(of amount: DeviceAmount) -> UInt32 {
        min(amount.thousandths, DeviceAmount.whole)
    }
}
