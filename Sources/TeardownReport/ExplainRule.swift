internal import TCPTeardown

/// The rules that move a side from state to state, as `Rule` of TCPTeardown numbers them.
///
/// The other rules of docs/inference.md weigh evidence and move nothing by themselves.
enum ExplainedRule: UInt8, CaseIterable {
  case handshake = 0
  case fin = 1
  case finReceived = 3
  case finAcknowledged = 4
  case finInOrder = 6
  case finsCrossed = 7
  case passiveClose = 8
  case noSocket = 10
  case resetInTimeWait = 11
  case resetReceived = 12
  case resetSent = 13
  case dataAfterFIN = 14
  case orphanExpired = 15
  case gaveUp = 16
  case newIncarnation = 17
  case nominalEnd = 19
  case unansweredSYN = 20
  case icmpError = 23
  case midstream = 25
  case oneDirection = 28

  init?(_ rule: Rule) { self.init(rawValue: rule.number) }
}

extension Explanation {
  /// Why a side entered a state.
  func reason(for move: Move) -> Reason {
    guard let gap, isProvedBut(for: gap, move) else { return sentences(for: move) }
    var observed = move.to
    observed.grade = .observed
    let proved = sentences(for: Move(side: move.side, from: move.from, to: observed))
    return Reason("\(proved.why) \(doubt(for: gap))", settledBy: Self.wholeCapture)
  }

  /// The one place where each rule has its sentences.
  private func sentences(for move: Move) -> Reason {
    switch ExplainedRule(move.to.rule) {
    case .handshake: opening(move)
    case .fin: sendingOfFIN(move)
    case .finReceived, .finInOrder: arrivalOfFIN(move)
    case .finAcknowledged: arrivalOfACK(move)
    case .finsCrossed: bringsFIN(move) ? arrivalOfFIN(move) : arrivalOfACK(move)
    case .passiveClose: move.to.state == .closed ? arrivalOfLastACK(move) : sendingOfFIN(move)
    case .noSocket: lackOfSocket(move)
    case .resetInTimeWait: resetInTimeWait(move)
    case .resetReceived: arrivalOfReset(move)
    case .resetSent: sendingOfReset(move)
    case .dataAfterFIN: dataAfterFIN(move)
    case .orphanExpired: expiryOfOrphan(move)
    case .gaveUp: givingUp(move)
    case .newIncarnation: newConnection(move)
    case .nominalEnd: nominalEnd(move)
    case .unansweredSYN: unansweredSYN(move)
    case .icmpError: icmpError(move)
    case .midstream: middleOfConnection(move)
    case .oneDirection: oneDirection(move)
    case nil: Reason("Rule \(move.to.rule) of docs/inference.md says so.")
    }
  }

  /// Of the moves where FINs crossed: whether it was the peer's FIN that came, or the ACK of the own.
  private func bringsFIN(_ move: Move) -> Bool {
    move.to.state == .closing || move.from?.state == .finWait2
  }
}
