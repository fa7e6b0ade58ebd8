import ConfigurationFiles
import Testing
import Vocabulary

/// A sweep file may come from anyone who may submit one, so no text may end or stall a process.
struct HostileInputTests {
    private static let sample = """
        name: sample
        model: m
        metric: {name: rmse, goal: minimize, target: 0.5}
        data: {path: a.csv, target: b, time: t, lags: [1, 24], split: {gate: 0.1}}
        trainer: xgboost
        method: sobol
        trials: 12
        parameters:
          booster: {values: [gbtree, dart], probabilities: [0.5, 0.5]}
          eta: {distribution: log_uniform_values, min: 1e-3, max: 3e-1}
          depth: {min: 1, max: 9, q: 2, when: {booster: [gbtree]}}
          nested: {parameters: {mu: {mu: 0, sigma: 1}, text: "a \\x41 'b'"}}
        experiments:
          Exp1: {method: grid, parameters: {eta: 1, nested: {parameters: {mu: 2}}}}
          Exp2: {early_terminate: {type: hyperband, max_iter: 27, s: 2}, time_limit: 1h}
        promotion: {finalists: 2, confidence: 0.9}
        """

    private static let programs = """
        metric: {name: loss, goal: minimize}
        method: random
        trials: 12
        code: ../src
        parameters: {lr: 0.1, net: {parameters: {depth: 3}}}
        program: tools/train.py
        command:
          - ${env}
          - ${program}
          - --depth=${params.net.depth}
          - $${literal}
          - ${envvar:HOME}
          - 3
        environment: {requirements: requirements.txt}
        experiments:
          Exp1: {metrics_from: output}
          Exp2: {entry: "train.py:train", reuse: true}
        """

    @Test(arguments: [sample, programs])
    func `the samples are right before they are damaged`(_ sample: String) throws {
        #expect(try spec(sample).experiments.map(\.trials) == [6, 6])
    }

    @Test(arguments: [sample, programs])
    func `damaged files give problems or a sweep, never a trap`(_ sample: String) {
        var random = RandomSource(seed: 1)
        let pieces = [
            "-1", "0", "1e999", "9223372036854775807", "-9223372036854775808", ".nan", "{", "}",
            "[", "]", ":", "\n", "  ", "'", "\"", "*a", "&a", "!", "? ", "- ", "\t", "\u{E000}",
            "é", "null", "true", "|", ">", "%", "#", "\u{0}", "\\", ",", "$", "${", "$${",
            "${program}", "\u{301}",
        ]
        var outcomes = (read: 0, refused: 0)
        for _ in 0..<600 {
            var bytes = Array(sample.utf8)
            for _ in 0...random.next(below: 3) {
                let start = Int(random.next(below: UInt64(bytes.count)))
                let length = min(Int(random.next(below: 6)), bytes.count - start)
                let piece = pieces[Int(random.next(below: UInt64(pieces.count)))]
                bytes.replaceSubrange(start..<(start + length), with: Array(piece.utf8))
            }
            if random.next(below: 8) == 0 { bytes.append(UInt8(truncatingIfNeeded: random.next())) }
            do throws(Diagnostics) {
                let file = try SweepFile.parse(bytes: bytes, file: "s.yaml")
                outcomes.read += SweepPlan(file).totalTrials > 0 ? 1 : 0
            } catch {
                let isPlaced = error.all.allSatisfy { $0.line > 0 && $0.column > 0 }
                #expect(isPlaced && error.all.contains { $0.severity == .error })
                outcomes.refused += 1
            }
        }
        #expect(outcomes.read > 0 && outcomes.refused > 0)
    }

    @Test(arguments: [sample, programs])
    func `every beginning of a file is answered`(_ sample: String) {
        let scalars = Array(sample.unicodeScalars)
        for count in stride(from: 0, to: scalars.count, by: 3) {
            let text = String(String.UnicodeScalarView(scalars.prefix(count)))
            // A beginning may be right; what counts is that there is an answer.
            _ = try? SweepFile.parse(text, file: "s.yaml")
        }
    }

    @Test func `keys within keys are refused`() {
        let wide = "[" + String(repeating: "x,", count: 400_000) + "x]"
        let found = problems("- " + String(repeating: "? ", count: 900) + wide)
        #expect(found.map(\.message) == ["Explicit keys (?) are not supported."])
        let line =
            "- " + String(repeating: "{", count: 160) + "a"
            + String(repeating: ": 1}", count: 160) + "\n"
        let nested = problems(String(repeating: line, count: 200))
        #expect(nested.map(\.message) == ["Lists and mappings as keys are not supported."])
    }

    @Test func `a file of unknown macros gives a bounded list in bounded time`() {
        let names = (0..<500).map { "p\($0): 1" }.joined(separator: ", ")
        let words = (0..<250).map { word in
            "  - " + (0..<400).map { "${q\($0 + word)}" }.joined()
        }
        let experiments = (0..<64).map { "  E\($0): {trials: 1}" }
        let text =
            "metric: {name: loss, goal: minimize}\nmethod: random\nparameters: {\(names)}\n"
            + "command:\n\(words.joined(separator: "\n"))\n"
            + "experiments:\n\(experiments.joined(separator: "\n"))"
        #expect(problems(text).count == 200)
    }

    @Test func `long lists of values and conditions are compared once`() throws {
        let values = (0..<10_000).map { "v\($0)" }.joined(separator: ", ")
        let text = sweep(
            "experiments: {A: {}, B: {}, C: {}}",
            parameters: """
                parameters:
                  x: {values: [\(values)]}
                  y: {value: 1, when: {x: [\(values)]}}
                  z: {value: 1, when: {x: [\(values)]}}
                """)
        #expect(try spec(text).experiments.count == 3)
    }
}
