/// All stages, in the order of the reference.
package enum StageCatalog {
    package static let all: [any Stage.Type] = [
        JSONStage.self,
        LabelsStage.self,
        RedactStage.self,
    ]

    private static let byName: [String: any Stage.Type] = Dictionary(
        uniqueKeysWithValues: all.map { ($0.spec.name, $0) })

    /// The stage with that name.
    package static func stage(named name: String) -> (any Stage.Type)? { byName[name] }
}
