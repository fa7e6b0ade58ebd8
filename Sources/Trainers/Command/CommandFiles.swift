import Datasets
import FoundationEssentials
import Vocabulary

/// The files that a command finds in its trial's folder.
struct CommandFiles {
    /// What the program is told of its trial, as the environment variable `PICOML_TRIAL` names it.
    let descriptionPath: String
    /// The parameters as one JSON object, by full name.
    let parametersPath: String
    /// What is in the file with the parameters.
    let parametersJSON: String

    /// Writes the files; makes the folder for checkpoints if it is not there.
    init(_ request: TrialRequest) throws(TrialEnd) {
        descriptionPath = request.directory + "/description.json"
        parametersPath = request.directory + "/params.json"
        let description = request.description
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let parameters = Array(try encoder.encode(description.params))
            parametersJSON = String(decoding: parameters, as: UTF8.self)
            try FileBytes.write(parameters, to: parametersPath)
            try FileBytes.write(
                Array(try encoder.encode(["plain": description])), to: descriptionPath)
            try FileBytes.makeFolder(request.checkpointPath)
        } catch {
            throw .error("The files for the command cannot be written: \(error)")
        }
    }
}
