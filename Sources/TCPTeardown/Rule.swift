/// A rule of inference, by its number in docs/inference.md.
package struct Rule: Hashable, Sendable, CustomStringConvertible {
  package let number: UInt8

  package init(_ number: UInt8) { self.number = number }

  package var description: String { "R\(number)" }

  static let handshake = Rule(0)
  static let fin = Rule(1)
  static let finReceived = Rule(3)
  static let finAcknowledged = Rule(4)
  static let finInOrder = Rule(6)
  static let finsCrossed = Rule(7)
  static let passiveClose = Rule(8)
  static let noSocket = Rule(10)
  static let resetInTimeWait = Rule(11)
  static let resetReceived = Rule(12)
  static let resetSent = Rule(13)
  static let dataAfterFIN = Rule(14)
  static let orphanExpired = Rule(15)
  static let gaveUp = Rule(16)
  static let newIncarnation = Rule(17)
  static let nominalEnd = Rule(19)
  static let unansweredSYN = Rule(20)
  static let icmpError = Rule(23)
  static let midstream = Rule(25)
  static let oneDirection = Rule(28)
}
