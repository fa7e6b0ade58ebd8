import ConfigurationFiles
import Hosts
import Testing

/// What a person is told of a host that fails.
struct FailureTests {
    private func told(_ status: Int32, output: String = "", _ errors: String) -> String {
        var host = HostEntry(name: "oven-1", address: "10.0.0.11")
        host.user = "cook"
        host.port = 2222
        let problem = ShellFailure.problem(
            status: status, output: output, errors: errors, host: host)
        return "\(problem.message) \(problem.fix)"
    }

    @Test(arguments: [
        (
            "ssh: connect to host 10.0.0.11 port 2222: Connection refused\r\n",
            "The host cannot be reached: ssh: connect to host 10.0.0.11 port 2222: Connection "
                + "refused. Is it on, and does `ssh -p 2222 cook@10.0.0.11` work?"
        ),
        (
            "cook@10.0.0.11: Permission denied (publickey).",
            "The host does not let you in: cook@10.0.0.11: Permission denied (publickey). "
                + "`ssh -p 2222 cook@10.0.0.11` must work without a question: see ssh-copy-id "
                + "and ssh-agent."
        ),
        (
            "No ED25519 host key is known\nHost key verification failed.",
            "ssh does not know the host's key, or it has changed. Run `ssh -p 2222 "
                + "cook@10.0.0.11` once and compare the key."
        ),
        (
            "ssh: Could not resolve hostname 10.0.0.11: Name or service not known",
            "There is no host 10.0.0.11. Give oven-1 an `address` that ssh finds."
        ),
    ])
    func `what ssh says becomes a next step`(_ errors: String, _ expected: String) {
        #expect(told(255, errors) == expected)
    }

    @Test func `libraries become packages`() {
        #expect(
            told(1, output: "missing libzmq.so.5 libsodium.so.23 \n", "the program lacks …")
                == "The host lacks what the program needs: libzmq.so.5, libsodium.so.23. Run "
                + "`apt-get install libsodium23 libzmq5` there as root.")
        #expect(
            told(1, output: "missing libswiftCore.so libzmq.so.5 ", "").contains("scripts/package"))
        #expect(told(1, output: "missing GLIBC_2.36 ", "").contains("Debian 12 has it"))
        #expect(
            told(1, output: "missing libnew.so.1 ", "").contains("Install the packages that hold"))
    }

    @Test func `a step that fails is told by its last line`() {
        #expect(told(1, "noise\nit ended at once: no key\n\n") == "It ended at once: no key. ")
        #expect(
            told(1, "it does not join: not enrolled yet: tcp://10.0.0.1:7801 does not answer")
                == "It does not join: not enrolled yet: tcp://10.0.0.1:7801 does not answer. Can "
                + "the host reach the coordinator's addresses? `control` in the hosts file names "
                + "others.")
        #expect(told(7, " \n") == "A step on the host ended with exit code 7. ")
        #expect(told(1, String(repeating: "x", count: 9000)).count < 320)
    }
}
