/// All stages, in the order of the reference.
package enum StageCatalog {
    package static let all: [any Stage.Type] = [
        DockerStage.self,
        CRIStage.self,
        RegexStage.self,
        JSONStage.self,
        LogfmtStage.self,
        ReplaceStage.self,
        MultilineStage.self,
        EventLogMessageStage.self,
        TemplateStage.self,
        PackStage.self,
        DecolorizeStage.self,
        TimestampStage.self,
        OutputStage.self,
        LabelsStage.self,
        LabelDropStage.self,
        LabelAllowStage.self,
        StaticLabelsStage.self,
        StructuredMetadataStage.self,
        TenantStage.self,
        MetricsStage.self,
        GeoIPStage.self,
        RedactStage.self,
        MatchStage.self,
        DropStage.self,
        LimitStage.self,
        SamplingStage.self,
    ]

    private static let byName: [String: any Stage.Type] = Dictionary(
        uniqueKeysWithValues: all.flatMap { stage in
            ([stage.spec.name] + stage.spec.deprecatedNames).map { ($0, stage) }
        }
    )

    /// The stage with that name, be it a deprecated one.
    package static func stage(named name: String) -> (any Stage.Type)? { byName[name] }
}
