package import Vocabulary

/// A sweep file that was read and found right.
package struct SweepFile: Hashable, Sendable {
    /// The sweep, without its prepared data.
    package var spec: SweepSpec
    /// The table to prepare, its path relative to the sweep file; nil for trainers without data.
    package var data: DataSpec?
    /// The data set that programs get, by name; nil for none.
    package var dataSet: DataReference?
    /// The directory to pack, relative to the sweep file; nil when no experiment runs a program.
    package let code: String?
    /// What can be used but hardly means what its author thinks, in the order of the file.
    package var warnings: [Diagnostic]

    /// Reads a sweep file: YAML 1.2 without anchors, aliases and tags.
    ///
    /// An experiment's own keys win over those at the top of the file; parameters are merged by
    /// name. The file is checked to its end, so all problems come at once.
    ///
    /// - Parameters:
    ///   - text: The content, up to `Limits.sweepFileBytes` bytes.
    ///   - file: The file as the person named it; without `name:`, its last part becomes the
    ///     name of the sweep.
    /// - Returns: The sweep with its data and warnings.
    /// - Throws: All problems, in the order of the text; at least one is an error.
    package static func parse(_ text: String, file: String) throws(Diagnostics) -> SweepFile {
        var problems = Problems(file: file)
        guard let node = Document.read(text, into: &problems),
            let draft = SweepDraft.table.read(node, into: &problems)
        else { throw Diagnostics(problems.all) }
        let assembly = SweepAssembly(draft: draft, fallbackName: Self.name(of: file))
        let assembled = assembly.spec(into: &problems)
        let code = assembly.code(into: &problems)
        let spec = try problems.finish(assembled)
        return SweepFile(
            spec: spec, data: draft.data?.table, dataSet: draft.data?.set, code: code,
            warnings: problems.all)
    }

    /// Reads a sweep file from bytes, which must be UTF-8.
    package static func parse(
        bytes: some Collection<UInt8>, file: String
    ) throws(Diagnostics) -> SweepFile {
        try parse(Document.text(of: bytes, file: file), file: file)
    }

    /// Every key of a sweep file as Markdown tables, made from the tables that read it.
    package static var reference: String {
        [
            SweepDraft.table.reference, MetricDraft.table.reference,
            ExperimentDraft.table.reference, EnvironmentDraft.table.reference,
            ParameterDraft.table.reference,
            PrunerDraft.table.reference, DataDraft.table.reference, SplitDraft.table.reference,
            PromotionDraft.table.reference, RetriesDraft.table.reference,
            ResourcesDraft.table.reference,
        ].joined(separator: "\n")
    }

    private static func name(of file: String) -> String {
        let last = file.split(separator: "/").last.map(String.init) ?? ""
        let stem = last.split(separator: ".").first.map(String.init) ?? ""
        return stem.isEmpty || stem.utf8.count > Limits.nameBytes ? "sweep" : stem
    }
}
