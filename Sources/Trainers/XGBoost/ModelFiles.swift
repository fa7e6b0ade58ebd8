import Datasets

/// A trained model as MLflow's flavour `xgboost` stores it: the files of the folder `model`.
///
/// The form is that of MLflow's documentation, "MLflow Model" and "mlflow.xgboost";
/// `mlflow.xgboost.load_model` and `mlflow.pyfunc.load_model` read it.
struct ModelFiles {
    /// The content of `model.ubj`.
    let model: [UInt8]
    /// The features' names, in order.
    let featureNames: [String]
    /// The version of libxgboost that trained it.
    let libraryVersion: String

    /// The most bytes of a model that is loaded.
    static let modelBytes = 4 << 30

    /// Writes the folder `model` under `directory`; gives the files' names relative to that.
    func write(to directory: String) throws(FileProblem) -> [String] {
        try FileBytes.makeFolder("\(directory)/model")
        let files: [(name: String, content: [UInt8])] = [
            ("model/model.ubj", model),
            ("model/MLmodel", Array(description.utf8)),
            ("model/conda.yaml", Array(condaEnvironment.utf8)),
            ("model/python_env.yaml", Array(pythonEnvironment.utf8)),
            ("model/requirements.txt", Array(requirements.utf8)),
        ]
        for file in files { try FileBytes.write(file.content, to: "\(directory)/\(file.name)") }
        return files.map(\.name)
    }

    /// The bytes of the model among a version's files, by artifact name.
    static func load(_ paths: [String: String]) throws(TrialEnd) -> [UInt8] {
        // The last two are what other versions of MLflow call the same file.
        for name in ["model.ubj", "model.json", "model.xgb"] {
            guard
                let path = paths.sorted(by: { $0.key < $1.key })
                    .first(where: { $0.key == name || $0.key.hasSuffix("/\(name)") })?.value
            else { continue }
            do {
                return try FileBytes.read(path, limit: modelBytes)
            } catch {
                throw TrialEnd("model's file", error)
            }
        }
        throw .error("The version has no model.ubj, so it is no XGBoost model.")
    }

    private var description: String {
        // MLflow takes floats and 32-bit whole numbers for a double but only floats for a float.
        // Names have no quotes: tables with such names are never made.
        let inputs = featureNames.map {
            #"{"type": "double", "name": "\#($0)", "required": true}"#
        }
        return """
            flavors:
              python_function:
                data: model.ubj
                env:
                  conda: conda.yaml
                  virtualenv: python_env.yaml
                loader_module: mlflow.xgboost
              xgboost:
                code: null
                data: model.ubj
                model_class: xgboost.core.Booster
                model_format: ubj
                xgb_version: \(libraryVersion)
            signature:
              inputs: '[\(inputs.joined(separator: ", "))]'
              outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1]}}]'

            """
    }

    private var requirements: String { "mlflow\nxgboost>=\(libraryVersion)\n" }

    private var condaEnvironment: String {
        """
        name: mlflow-env
        channels:
        - conda-forge
        dependencies:
        - python=\(Self.pythonVersion)
        - pip
        - pip:
          - mlflow
          - xgboost>=\(libraryVersion)

        """
    }

    private var pythonEnvironment: String {
        """
        python: '\(Self.pythonVersion)'
        build_dependencies:
        - pip
        dependencies:
        - -r requirements.txt

        """
    }

    /// The Python for environments that MLflow builds; the model itself needs none.
    private static let pythonVersion = "3.11"
}
