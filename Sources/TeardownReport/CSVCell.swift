/// A cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula.
enum CSVCell {
  /// `text` as a cell: quoted where it must be, its controls spelled out, an apostrophe in front
  /// where a spreadsheet would evaluate it.
  static func octets(of text: String) -> [UInt8] {
    let shown = text.escapedForTerminal
    let harmless = isFormula(text) || isFormula(shown) ? "'" + shown : shown
    let needsQuotes = harmless.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return Array(harmless.utf8) }
    var octets: [UInt8] = [0x22]
    for octet in harmless.utf8 {
      if octet == 0x22 { octets.append(0x22) }
      octets.append(octet)
    }
    octets.append(0x22)
    return octets
  }

  /// Whether a spreadsheet may take the text for a formula: of what a cell begins with it skips
  /// blanks and ends of lines, and some take the wide forms of the signs for the signs.
  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "\t" || first == "\r" || first == "\n" { return true }
    let sign = text.unicodeScalars.first { !$0.properties.isWhitespace }
    return sign.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }
}
