internal import TCPTeardown

/// Something that a report says, with what it rests on.
struct Claim {
  /// What it is about; empty where it goes on with the claim before.
  var label: String
  /// A sentence or less, as it is: whoever writes it escapes it.
  var text: String
  var ink = Ink.plain
  /// Nil of what is not graded: it follows from the rest.
  var grade: Grade?
  var frames = Frames()
  /// What to do about it.
  var advice: String?
}

extension TextWriter {
  /// Puts a claim as a labelled line, its text from column `indent` on.
  mutating func put(_ claim: Claim, indent: Int) {
    var pieces = [Piece(claim.text.escapedForTerminal, claim.ink)]
    if let grade = claim.grade { pieces.append(Wording.proof(grade, claim.frames)) }
    putLine(claim.label, pieces, indent: indent)
    if let advice = claim.advice { putAdvice(advice, at: indent + 2) }
  }
}
