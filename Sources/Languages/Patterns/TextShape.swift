import CPatterns
import Entries

/// What decides which engine may look at a text.
enum TextShape {
    case ascii
    case utf8
    /// Not UTF-8 throughout.
    case damaged

    init(_ text: Bytes) {
        if cpatterns_is_ascii(text.start, text.count) {
            self = .ascii
        } else {
            self = text.isUTF8 ? .utf8 : .damaged
        }
    }
}
