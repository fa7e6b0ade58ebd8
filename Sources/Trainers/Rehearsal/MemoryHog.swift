import Datasets
import Glibc

/// Takes memory until there is no more, to see what a worker makes of it.
enum MemoryHog {
    private static let blockBytes = 64 << 20

    /// Allocates and touches memory until an allocation fails or the kernel ends this process.
    static func fill() {
        // The kernel is to choose this process and no other on the host; where it cannot be told
        // so, it chooses the largest, which will be this one. Hence no error is handled.
        try? FileBytes.write(Array("1000".utf8), to: "/proc/self/oom_score_adj")
        // Asked of the kernel itself: a compiler leaves out a malloc whose memory nobody reads.
        while let block = unsafe mmap(
            nil, blockBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe block != MAP_FAILED
        {
            // Memory counts only once it is written to. Never given back: the process is ending.
            unsafe memset(block, 1, blockBytes)
        }
    }
}
