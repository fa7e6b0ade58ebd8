import Datasets
import Vocabulary

/// The trainer `xgboost`: the trial's parameters, by XGBoost's own names, and `rounds`.
struct XGBoostTrainer {
    private let request: TrialRequest
    private var lease: Lease { request.lease }

    init(_ request: TrialRequest) { self.request = request }

    /// Does the lease's task and gives the final metrics.
    func run(_ channel: inout TrialChannel) throws(TrialEnd) -> [Metric] {
        do {
            try XGBoostLibrary.silence()
            switch lease.task {
            case .search:
                let parameters = try XGBoostParameters(lease)
                let trained = try train(parameters, try searchRows(), &channel)
                return [
                    Metric(parameters.metric.rawValue, trained.value),
                    Metric("rounds", Double(parameters.rounds)),
                ]
            case .confirm: return try confirm(&channel)
            case .score: return try score(channel)
            }
        } catch let error as XGBoostError {
            throw TrialEnd(error)
        } catch let end as TrialEnd {
            throw end
        } catch let error as ChannelError {
            throw .workerGone(error)
        } catch let problem as FileProblem {
            throw TrialEnd("trial's folder", problem)
        } catch {
            throw .error("\(error)")
        }
    }

    private func searchRows() throws(TrialEnd) -> TrialData {
        try TrialData(
            "search rows", path: request.searchPath, bytes: lease.data?.searchBytes, lease: lease)
    }

    private func gateRows() throws(TrialEnd) -> TrialData {
        try TrialData(
            "gate rows", path: request.gatePath, bytes: lease.data?.gateBytes, lease: lease)
    }

    /// A model with its metric on the validation rows after the last round.
    private struct Trained: ~Copyable {
        let booster: Booster
        let value: Double
    }

    /// Trains on the training rows, reporting on the validation rows after each round.
    private func train(
        _ parameters: XGBoostParameters, _ data: TrialData, _ channel: inout TrialChannel
    ) throws -> Trained {
        let validationRows = Int(lease.data?.validationRows ?? 0)
        guard validationRows > 0, validationRows < data.rows else {
            throw TrialEnd.error(
                "There are \(validationRows) validation rows of \(data.rows) search rows; set "
                    + "data.validation to a share above 0.")
        }
        let split = data.rows - validationRows
        let training = try data.matrix(of: 0..<split)
        let validation = try data.matrix(of: split..<data.rows)
        let booster = try Booster.untrained(
            parameters.settings, names: data.featureNames, on: training, and: validation)
        var value = Double.nan
        for round in 0..<parameters.rounds {
            try booster.update(round: round, on: training)
            value = try booster.evaluate(round: round, on: validation)
            guard value.isFinite else {
                throw nonFinite(parameters.metric.rawValue, value, "in round \(round + 1)")
            }
            try channel.report(
                step: UInt64(round) + 1, metrics: [Metric(parameters.metric.rawValue, value)])
        }
        return Trained(booster: booster, value: value)
    }

    private func confirm(_ channel: inout TrialChannel) throws -> [Metric] {
        let parameters = try XGBoostParameters(lease)
        let data = try searchRows()
        let gate = try gateRows()
        let trained = try train(parameters, data, &channel)
        let files = ModelFiles(
            model: try trained.booster.save(), featureNames: data.featureNames,
            libraryVersion: XGBoostLibrary.version)
        for name in try files.write(to: request.directory) {
            try channel.send(.artifact(name: name, path: name))
        }
        let gateValue = try judge(
            trained.booster, parameters.metric, slope: parameters.slope, gate, channel)
        return [
            Metric(parameters.metric.rawValue, trained.value),
            Metric("gate_\(parameters.metric.rawValue)", gateValue),
            Metric("rounds", Double(parameters.rounds)),
        ]
    }

    private func score(_ channel: borrowing TrialChannel) throws -> [Metric] {
        let metric = try XGBoostParameters.metric(of: lease)
        let gate = try gateRows()
        let booster = try Booster.loaded(
            from: try ModelFiles.load(request.modelPaths), threads: Int(max(1, lease.cpus)))
        let names = try booster.featureNames()
        guard names.isEmpty || names == gate.featureNames else {
            throw TrialEnd.error(
                "The version was trained on the features \(names.joined(separator: ", ")); the "
                    + "gate rows have \(gate.featureNames.joined(separator: ", ")).")
        }
        try booster.set("eval_metric", metric.rawValue)
        let slope = lease.parameters.first { $0.name == "huber_slope" }?.value.number ?? 1
        let value = try judge(booster, metric, slope: slope, gate, channel)
        return [Metric("gate_\(metric.rawValue)", value)]
    }

    /// Writes the loss of each gate row and gives the metric on all of them.
    private func judge(
        _ booster: borrowing Booster, _ metric: XGBoostMetric, slope: Double, _ gate: TrialData,
        _ channel: borrowing TrialChannel
    ) throws -> Double {
        let rows = 0..<gate.rows
        let matrix = try gate.matrix(of: rows)
        let value = try booster.evaluate(round: 0, on: matrix)
        guard value.isFinite else {
            throw nonFinite("gate_\(metric.rawValue)", value, "on the gate rows")
        }
        let losses = zip(try booster.predict(matrix), gate.labels(of: rows)).map {
            metric.loss(prediction: $0, label: $1, slope: slope)
        }
        if let row = losses.firstIndex(where: { !$0.isFinite }) {
            throw nonFinite("The loss", losses[row], "on gate row \(row + 1)")
        }
        try FileBytes.write(Losses.npy(losses), to: "\(request.directory)/losses.npy")
        try channel.send(.artifact(name: "losses.npy", path: "losses.npy"))
        return value
    }

    private func nonFinite(_ name: String, _ value: Double, _ place: String) -> TrialEnd {
        .failed(.nonFiniteMetric, message: "\(name) is \(value) \(place).")
    }
}
