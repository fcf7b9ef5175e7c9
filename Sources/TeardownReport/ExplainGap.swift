internal import PacketDecoding
internal import TCPTeardown

/// R27: behind a gap in the capture, what the segments would prove is only inferred.
extension Explanation {
  static let wholeCapture = "a capture that lacks nothing"

  /// The frame that acknowledges what the capture lacks, if anything does.
  var gap: Int? { finding(.gap)?.frames.array.first }

  func doubt(for gap: Int) -> String {
    "Frame \(gap) shows a gap in the capture, so this is likely and not proved."
  }

  /// Whether nothing but the gap keeps a move from being observed.
  ///
  /// What is observed has no bounds, and keeps none when its grade is lowered. Of the rules that
  /// infer without bounds, none but R6 can be observed too, and is not where TIME-WAIT was skipped.
  func isProvedBut(for gap: Int, _ move: Move) -> Bool {
    guard move.to.grade == .inferred, move.to.earliest == nil, move.to.latest == nil,
      move.to.frames.array.allSatisfy({ $0 >= gap })
    else { return false }
    switch ExplainedRule(move.to.rule) {
    case .fin, .finReceived, .finAcknowledged, .finsCrossed, .passiveClose, .resetSent,
      .dataAfterFIN, .newIncarnation:
      return true
    case .finInOrder, .noSocket: return finding(.timeWaitSkipped, of: move.side) == nil
    case .handshake: return move.side == .client || nextOfServer != nil
    case .resetInTimeWait, .resetReceived, .orphanExpired, .gaveUp, .nominalEnd, .unansweredSYN,
      .icmpError, .midstream, .oneDirection, nil:
      return false
    }
  }

  /// Whether nothing but the gap keeps a closer from being observed.
  ///
  /// Who closed first is inferred from one frame, or where one direction is all there is.
  func isProvedBut(for gap: Int, _ closer: Closer) -> Bool {
    closer.grade == .inferred && closer.frames.array.allSatisfy { $0 >= gap }
      && (closer.frames.count > 1 || closer.sides == .both)
      && Side.allCases.allSatisfy { record.packets[$0] > 0 }
  }
}
