/// How freely scalars convert to what an option takes.
enum OptionRules: Sendable {
    /// Most stages: text must be text and numbers numbers, as Promtail's stage decoder has it.
    case strong
    /// `cri`, `drop`, `limit`, `sampling`, `multiline`, `pack`: scalars convert to each other.
    case weak
    /// Outside of stages: YAML's own rules; text may be any scalar, a quoted number is no number.
    case section

    /// Keys of stages are told apart without regard to case.
    var ignoresCase: Bool { self != .section }
}
