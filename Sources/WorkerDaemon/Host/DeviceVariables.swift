import Vocabulary

/// Environment variables by which a program sees its own GPUs alone.
enum DeviceVariables {
    /// The variables for a program that may use `devices`, all of one maker; without any, it sees
    /// none.
    static func showing(_ devices: [Device]) -> [String: String] {
        let identifiers = devices.map(\.identifier).joined(separator: ",")
        return switch devices.first?.maker {
        case nil: ["CUDA_VISIBLE_DEVICES": "", "ROCR_VISIBLE_DEVICES": ""]
        case .nvidia:
            [
                "CUDA_VISIBLE_DEVICES": identifiers, "ROCR_VISIBLE_DEVICES": "",
                // A process that is to fork must not have initialised CUDA just to count GPUs.
                "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
            ]
        // HIP takes CUDA's variable for its own: an empty one would hide AMD's GPUs too.
        case .amd: ["ROCR_VISIBLE_DEVICES": identifiers]
        }
    }
}
