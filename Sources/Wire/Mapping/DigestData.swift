import Vocabulary

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Digest {
    /// The 32 bytes as the generated code wants them.
    var data: Data { Data(bytes) }
}
