/// The state of one side of a connection (RFC 9293 §3.3.2).
package enum State: String, CaseIterable, Sendable {
  case closed = "CLOSED"
  case listen = "LISTEN"
  case synSent = "SYN-SENT"
  case synReceived = "SYN-RECEIVED"
  case established = "ESTABLISHED"
  case finWait1 = "FIN-WAIT-1"
  case finWait2 = "FIN-WAIT-2"
  case closeWait = "CLOSE-WAIT"
  case closing = "CLOSING"
  case lastAck = "LAST-ACK"
  case timeWait = "TIME-WAIT"
}

/// What moves a side from one state to the next: the labels on the arrows of RFC 9293 Figure 5.
package enum Event: String, CaseIterable, Sendable {
  case passiveOpen = "passive OPEN"
  case sendSYN = "snd SYN"
  case receiveSYN = "rcv SYN"
  case receiveSYNAck = "rcv SYN,ACK"
  case receiveAckOfSYN = "rcv ACK of SYN"
  case sendFIN = "snd FIN"
  case receiveFIN = "rcv FIN"
  case receiveAckOfFIN = "rcv ACK of FIN"
  case reset = "RST"
  case timeout2MSL = "Timeout=2MSL"
  /// The side's host let go of the connection without a segment (§3.9.1: CLOSE, ABORT, time-outs).
  case delete = "delete TCB"
}

extension State {
  /// The state that `event` leads to, or nil where Figure 5 has no such arrow.
  ///
  /// One line is one arrow. Note 2 of the figure (FIN-WAIT-1 straight to TIME-WAIT) needs no line:
  /// such a segment is first the ACK, then the FIN (§3.10.7.4). Note 1 leaves the arrows of a
  /// reset out of the figure; §3.10.7 sends every state but LISTEN to CLOSED, and SYN-RECEIVED of
  /// a passive open back to LISTEN: there the connection itself is gone, so CLOSED stands for it.
  package func next(on event: Event) -> State? {
    switch (self, event) {
    case (.closed, .passiveOpen): .listen
    case (.closed, .sendSYN): .synSent
    case (.listen, .sendSYN): .synSent
    case (.listen, .receiveSYN): .synReceived
    case (.synSent, .receiveSYN): .synReceived
    case (.synSent, .receiveSYNAck): .established
    case (.synReceived, .receiveAckOfSYN): .established
    case (.synReceived, .sendFIN): .finWait1
    case (.established, .sendFIN): .finWait1
    case (.established, .receiveFIN): .closeWait
    case (.finWait1, .receiveAckOfFIN): .finWait2
    case (.finWait1, .receiveFIN): .closing
    case (.finWait2, .receiveFIN): .timeWait
    case (.closing, .receiveAckOfFIN): .timeWait
    case (.closeWait, .sendFIN): .lastAck
    case (.lastAck, .receiveAckOfFIN): .closed
    case (.timeWait, .timeout2MSL): .closed
    case (.closed, .reset), (.listen, .reset): nil
    case (_, .reset): .closed
    case (.closed, .delete): nil
    case (_, .delete): .closed
    default: nil
    }
  }
}
