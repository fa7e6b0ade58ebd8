import Testing
import Vocabulary
import WorkerDaemon

/// What a trial's process finds in its environment.
struct VisibleDeviceTests {
    private func visible(_ devices: [Device]) throws -> String {
        let trial = try ScriptTrial()
        trial.devices = devices
        _ = try trial.run(
            "echo \"${CUDA_VISIBLE_DEVICES-all} ${ROCR_VISIBLE_DEVICES-all}\" > gpus; exit 3")
        return try trial.text("gpus")
    }

    private func device(_ maker: Device.Maker, _ identifier: String) -> Device {
        Device(maker: maker, identifier: identifier, name: "name", memoryBytes: 1)
    }

    @Test func `a trial sees its own GPUs`() throws {
        let ours = [device(.nvidia, "GPU-7f"), device(.nvidia, "GPU-3a")]
        #expect(try visible(ours) == "GPU-7f,GPU-3a")
        #expect(try visible([device(.amd, "3")]) == "all 3")
    }

    @Test func `a trial without GPUs sees none`() throws {
        #expect(try visible([]) == "")
    }
}
