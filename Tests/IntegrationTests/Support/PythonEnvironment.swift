import Foundation
import Testing

/// The folder that the tests were built from.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// The Python environment that scripts/test-venv makes.
enum PythonEnvironment {
    private static let folder = Repository.root.appending(path: ".build/test-venv")

    /// Whether it is there; its list of packages is written last.
    static let exists = FileManager.default.fileExists(
        atPath: folder.appending(path: "packages").path)

    /// What one model says of the gate's rows, loaded in three ways.
    struct Answer: Decodable {
        /// The target.
        let actual: [Double]
        /// By `xgboost.Booster().load_model`.
        let booster: [Double]
        /// By `mlflow.xgboost.load_model`.
        let flavour: [Double]
        /// By `mlflow.pyfunc.load_model`.
        let function: [Double]
    }

    /// Asks the models in the folders `names` of a cluster's folder about `gate.npy` there.
    static func predict(_ names: [String], in cluster: Cluster) throws -> [String: Answer] {
        try cluster.write(script, to: "predict.py")
        let errors = "\(cluster.folder)/predict.err"
        try cluster.write("", to: "predict.err")
        let process = Process()
        process.executableURL = folder.appending(path: "bin/python")
        process.arguments = ["predict.py", "answers.json"] + names
        process.currentDirectoryURL = URL(filePath: cluster.folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
        process.waitUntilExit()
        let said = try String(contentsOfFile: errors, encoding: .utf8).suffix(4000)
        try #require(process.terminationStatus == 0, "\(said)")
        let answers = try Data(contentsOf: URL(filePath: "\(cluster.folder)/answers.json"))
        return try JSONDecoder().decode([String: Answer].self, from: answers)
    }

    private static let script = """
        import json
        import sys

        import mlflow.pyfunc
        import mlflow.xgboost
        import numpy
        import pandas
        import xgboost

        rows = pandas.DataFrame(numpy.load("gate.npy"))
        target = rows.columns[-1]
        features = rows.drop(columns=target)
        matrix = xgboost.DMatrix(features)
        answers = {}
        for name in sys.argv[2:]:
            booster = xgboost.Booster()
            booster.load_model(f"{name}/model/model.ubj")
            flavour = mlflow.xgboost.load_model(f"{name}/model")
            function = mlflow.pyfunc.load_model(f"{name}/model")
            answers[name] = {
                "actual": rows[target].tolist(),
                "booster": booster.predict(matrix).tolist(),
                "flavour": flavour.predict(matrix).tolist(),
                "function": numpy.asarray(function.predict(features)).tolist(),
            }
        with open(sys.argv[1], "w") as file:
            json.dump(answers, file)

        """
}
