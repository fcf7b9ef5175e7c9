/// What a stretch of text is, which a colour terminal shows.
enum Ink: Sendable {
  case plain
  /// What names a flow, or heads a table.
  case strong
  /// How sure something is, and what proves it.
  case dim
  case state
  /// What somebody should mend.
  case problem
  /// What somebody should know.
  case caution

  /// The SGR parameter (ECMA-48 §8.3.117); nil for none.
  var parameter: UInt8? {
    switch self {
    case .plain: nil
    case .strong: 1
    case .dim: 2
    case .state: 36
    case .problem: 31
    case .caution: 33
    }
  }
}

/// Text in one ink, spaces within it being where a line may break.
struct Piece: Sendable {
  var text: String
  var ink: Ink

  init(_ text: String, _ ink: Ink = .plain) {
    self.text = text
    self.ink = ink
  }
}

/// Writes lines of text of a given width, with or without colour, into a buffer of octets.
struct TextWriter {
  let isColoured: Bool
  /// Columns.
  let width: Int
  private var octets: [UInt8]
  private(set) var column = 0
  private var ink = Ink.plain

  /// Goes on behind what `octets` holds, and leaves `octets` empty until `finish(_:)`.
  init(taking octets: inout [UInt8], isColoured: Bool, width: Int) {
    self.octets = []
    self.isColoured = isColoured
    self.width = width
    swap(&self.octets, &octets)
  }

  /// Gives the buffer back.
  mutating func finish(_ octets: inout [UInt8]) {
    change(to: .plain)
    swap(&self.octets, &octets)
  }

  mutating func endLine() {
    change(to: .plain)
    octets.append(0x0A)
    column = 0
  }

  /// Puts `text` where the line has come to; it may run over.
  mutating func put(_ text: String, _ ink: Ink = .plain) {
    guard !text.isEmpty else { return }
    change(to: ink)
    octets.append(contentsOf: text.utf8)
    column += text.columns
  }

  /// Goes on in another ink, where inks show.
  private mutating func change(to ink: Ink) {
    guard isColoured, ink != self.ink else { return }
    if self.ink != .plain { octets.append(text: "\u{1B}[0m") }
    if let parameter = ink.parameter { octets.append(text: "\u{1B}[\(parameter)m") }
    self.ink = ink
  }

  /// Puts spaces up to `column`, which may already be passed.
  mutating func move(to column: Int) {
    if self.column < column { change(to: .plain) }
    while self.column < column {
      octets.append(0x20)
      self.column += 1
    }
  }

  /// Puts `text` so that it ends at `column`, or later rather than touch what is there.
  mutating func put(_ text: String, endingAt column: Int, _ ink: Ink = .plain) {
    move(to: max(column - text.columns, self.column > 0 ? self.column + 1 : 0))
    put(text, ink)
  }

  /// Puts words from `indent` on; further lines begin `hanging` columns further in.
  mutating func fill(_ pieces: [Piece], indent: Int, hanging: Int = 0) {
    move(to: indent)
    var isFirst = true
    for piece in pieces {
      for word in piece.text.split(separator: " ") {
        let needed = word.columns + (isFirst ? 0 : 1)
        if !isFirst, column + needed > width {
          endLine()
          move(to: indent + hanging)
        } else if !isFirst {
          put(" ", piece.ink == ink ? ink : .plain)
        }
        put(String(word), piece.ink)
        isFirst = false
      }
    }
  }
}

extension StringProtocol {
  /// Columns that a terminal gives the text, taking every scalar for one.
  var columns: Int {
    let octets = utf8.count
    return octets < 128 && utf8.allSatisfy { $0 < 0x80 } ? octets : unicodeScalars.count
  }
}

/// The lines that reports are made of.
extension TextWriter {
  /// A label, and what it names from column `indent` on.
  mutating func putLine(_ label: String, _ pieces: [Piece], indent: Int) {
    put(label, .dim)
    fill(pieces, indent: indent)
    endLine()
  }

  /// What to do next, behind an arrow at `column`.
  mutating func putAdvice(_ advice: String, at column: Int) {
    move(to: column)
    put("-> ")
    fill([Piece(advice)], indent: column + 3)
    endLine()
  }
}
