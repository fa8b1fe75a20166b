/// Why Loki refuses entries: fixed parts of its texts, which it often puts inside quotes of its own (Loki 2.9 to 3.6).
///
/// A text of ours stands for Loki's, so that showing it cannot show log content.
enum LokiReason: String, CaseIterable {
    case tooFarBehind = "entry too far behind"
    case outOfOrder = "entry out of order"
    case tooOld = "timestamp too old"
    case tooNew = "timestamp too new"
    case entryTooLong = "Max entry size"
    case streamRate = "Per stream rate limit exceeded"
    case ingestionRate = "Ingestion rate limit exceeded"
    case streamsLimit = "Maximum active stream limit exceeded"
    case missingLabels = "at least one label pair is required"
    case labelsCount = "label names"
    case labelNameTooLong = "label name too long"
    case labelValueTooLong = "label value too long"
    case duplicateLabel = "duplicate label name"
    case metadataTooLarge = "structured metadata too large"
    case metadataCount = "too many structured metadata"
    case metadataNotAllowed = "structured metadata, but this feature is disallowed"
    case labelsUnreadable = "error parsing labels"
    case noTenant = "no org id"
    case blocked = "ingestion blocked"

    /// Whether `line` holds the text.
    func isGiven(by line: [UInt8]) -> Bool {
        let text = Array(rawValue.utf8)
        guard line.count >= text.count else { return false }
        return (0...(line.count - text.count)).contains { start in
            line[start..<(start + text.count)].elementsEqual(text)
        }
    }
}
