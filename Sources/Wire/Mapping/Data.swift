import SwiftProtobuf
import Vocabulary

extension SchemaDataSpec {
    init(_ data: DataSpec) {
        path = data.path
        target = data.target
        if let name = data.time { time = name }
        columns = data.columns
        lags = data.lags
        means = data.means
        calendar = data.calendar.map(\.schema)
        validation = data.validation
        gate = data.gate
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> DataSpec {
        DataSpec(
            path: try scrutiny.text(path, "data.path"),
            target: try scrutiny.name(target, "data.target"),
            time: hasTime ? try scrutiny.name(time, "data.time") : nil,
            columns: try Structure.list(columns) { column throws(WireError) in
                try scrutiny.name(column, "data.columns")
            },
            lags: lags, means: means,
            calendar: try Structure.list(calendar) { feature throws(WireError) in
                try Structure.present(CalendarFeature(feature), "data.calendar")
            },
            validation: try scrutiny.finite(validation, "data.validation"),
            gate: try scrutiny.finite(gate, "data.gate"))
    }
}

extension SchemaPreparedData {
    init(_ data: PreparedData) {
        spec = SchemaDataSpec(data.spec)
        source = data.source.data
        search = data.search.data
        searchBytes = data.searchBytes
        if let digest = data.gate { gate = digest.data }
        gateBytes = data.gateBytes
        validationRows = data.validationRows
    }

    func decoded(_ scrutiny: Scrutiny) throws(WireError) -> PreparedData {
        let size = 0...Limits.artifactBytes
        return PreparedData(
            spec: try spec.decoded(scrutiny),
            source: try Structure.digest(source, "data.source"),
            search: try Structure.digest(search, "data.search"),
            searchBytes: try scrutiny.number(searchBytes, in: size, "data.search_bytes"),
            gate: hasGate ? try Structure.digest(gate, "data.gate") : nil,
            gateBytes: try scrutiny.number(gateBytes, in: size, "data.gate_bytes"),
            validationRows: validationRows)
    }
}
