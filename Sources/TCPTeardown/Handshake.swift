package import PacketDecoding

/// When and in which frame something was captured.
package struct Mark: Equatable, Sendable {
  /// Nanoseconds since the Unix epoch.
  package var time: Int64
  /// Counted from 1; 0 stands for "not captured".
  package var frame: Int

  package static let none = Mark(time: 0, frame: 0)

  package var isKnown: Bool { frame != 0 }
}

/// How a flow began, as far as it was captured: R0 reads nothing else.
package struct Handshake: Sendable {
  /// The first SYN, and the last repeat of it.
  package var syn = Mark.none
  package var lastSYN = Mark.none
  /// The first SYN-ACK, and the last repeat of it.
  package var synAck = Mark.none
  package var lastSYNAck = Mark.none
  /// The client's first segment that acknowledges the SYN-ACK.
  package var ack = Mark.none
  /// The server's first segment that is no SYN-ACK.
  package var serverSpoke = Mark.none
  /// The server's own SYN, where both sides opened at once (RFC 9293 Figure 7).
  package var crossedSYN = Mark.none
  /// The sequence number of either side's SYN; valid where that SYN or SYN-ACK was captured.
  package var initialNumbers = PerSide(both: SequenceNumber(0))
  /// Octets of payload in the SYN (RFC 7413).
  package var payloadInSYN: UInt32 = 0
  package var synCount: UInt16 = 0
  package var synAckCount: UInt16 = 0

  package init() {}
}

extension Handshake {
  /// How `flow` began, if it has no annex.
  @inline(__always)
  init(_ flow: borrowing some FlowAccount) {
    if flow.marks.contains(.synIsFirst) {
      syn = Mark(time: flow.startTime, frame: flow.firstFrame)
    }
    lastSYN = syn
    synCount = syn.isKnown ? 1 : 0
    synAck = flow.synAck
    lastSYNAck = synAck
    synAckCount = synAck.isKnown ? 1 : 0
    ack = flow.ack
    serverSpoke = flow.serverSpoke
    initialNumbers = flow.bases
  }

  /// Adds what the flow's annex tells.
  mutating func add(_ annex: borrowing FlowAnnex) {
    if !syn.isKnown {
      syn = annex.syn
      lastSYN = syn
      synCount = syn.isKnown ? 1 : 0
    }
    if annex.lastSYN.isKnown { lastSYN = annex.lastSYN }
    if annex.lastSYNAck.isKnown { lastSYNAck = annex.lastSYNAck }
    synCount += annex.synRepeats
    synAckCount += annex.synAckRepeats
    crossedSYN = annex.crossedSYN
    payloadInSYN = annex.payloadInSYN
    if let number = annex.firstNumber { initialNumbers.client = number }
  }
}
