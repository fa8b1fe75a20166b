/// One piece of a parsed template.
indirect enum TemplateNode {
    case text([UInt8])
    case action(TemplatePipeline)
    case branch(TemplateBranch)
    case invoke(name: String, argument: TemplatePipeline?, offset: Int)
    case breakLoop
    case continueLoop
}

/// `if`, `with` or `range` with its parts.
struct TemplateBranch {
    enum Kind {
        case condition
        case with
        case range
    }

    let kind: Kind
    let pipeline: TemplatePipeline
    let body: [TemplateNode]
    let otherwise: [TemplateNode]
}

/// Commands, each taking the result of the one before as its last argument.
struct TemplatePipeline {
    /// The variables in front of `:=` or `=`.
    var variables: [Int] = []
    var isAssignment = false
    var commands: [TemplateCommand] = []
    let offset: Int
}

/// A value or a function with its arguments.
struct TemplateCommand {
    let head: TemplateOperand
    let arguments: [TemplateOperand]
    let offset: Int
}

/// The name after a dot, with its place among the names that the template asks for.
struct TemplateField {
    let index: Int
    let name: String
    let bytes: [UInt8]
}

indirect enum TemplateOperand {
    case dot
    case null
    case constant(TemplateValue)
    case field([TemplateField])
    /// A variable by number; 0 is `$`.
    case variable(Int, [TemplateField])
    /// A parenthesised pipeline, with the fields behind it.
    case pipeline(TemplatePipeline, [TemplateField])
    case function(TemplateFunction)
}
