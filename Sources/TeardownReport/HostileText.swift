/// Text that others chose, such as the name of a file, made harmless.
extension StringProtocol {
  /// The text with what a terminal would obey spelt out, as Swift spells it.
  package var escapedForTerminal: String {
    var escaped = ""
    for scalar in unicodeScalars {
      if scalar.isObeyed {
        escaped += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Unicode.Scalar {
  /// Whether a terminal does not show it but does what it says: controls, line ends, and formats
  /// such as turns of the writing direction (Unicode's Bidi_Control) and what has no width.
  var isObeyed: Bool {
    if value < 0x7F { return value < 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
