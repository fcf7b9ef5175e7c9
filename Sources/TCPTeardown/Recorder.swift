internal import PacketDecoding

/// Makes records of the flows that a table has done with, one after the other.
///
/// All that it works in, the record too, takes the next flow in place of the last: a plain flow
/// allocates nothing. Who keeps a record copies it.
package struct Recorder: ~Copyable, Sendable {
  private var reconstruction: Reconstruction
  /// Streams not recorded yet whose tuple's former flow left a side in TIME-WAIT.
  private var metTimeWait: Set<Int> = []
  /// Room for what is taken out of a table.
  private var room = DueFlows()
  /// The flow at hand, if it was packed, in one's own room.
  private var flow = PackedFlow()

  /// Whether the evidence of a plain close is put into its record, too.
  private let keepsEvidence: Bool

  /// Without `keepsEvidence` a record may lack its evidence, for which few ask.
  package init(options: ReconstructionOptions, keepsEvidence: Bool = true) {
    self.keepsEvidence = keepsEvidence
    reconstruction = Reconstruction(options: options)
  }

  /// Takes out of `table` what is due, and hands its records to `body`.
  package mutating func drain(
    _ table: inout FlowTable, _ body: (inout FlowRecord) throws -> Void
  ) rethrows {
    var due = DueFlows()
    swap(&due, &room)
    table.takeDue(&due)
    defer {
      due.removeAll()
      swap(&due, &room)
    }
    try record(due, body)
  }

  /// Hands the records of `due` to `body`, in their order.
  ///
  /// `inout` spares copies: what `body` changes is lost.
  package mutating func record(
    _ due: borrowing DueFlows, _ body: (inout FlowRecord) throws -> Void
  ) rethrows {
    // Spans lend their elements; what is handed on of an array's is copied.
    let (flows, rows, packed) = (due.flows.span, due.rows.span, due.packed.span)
    let observations = due.observations.span
    for place in 0..<due.count {
      let row = flows[place].place
      reconstruction.facts.until = flows[place].until
      if flows[place].isPacked {
        flow = packed[row]
        reconstruction.record.take(flow, flows[place])
        reconstruction.record.evidence.replaceAll(withThoseOf: &flow, unless: !keepsEvidence)
        if flow.marks.contains(.midstream) || !reconstruction.tellPlainClose(&flow) {
          reconstruction.record.evidence.replaceAll(withThoseOf: &flow, unless: false)
          learn(place, of: due)
          reconstruction.run()
        }
      } else {
        reconstruction.record.evidence.replaceAll(
          with: observations.extracting(flows[place].evidence))
        reconstruction.record.take(rows[row], flows[place])
        if let annex = flows[place].annex {
          reconstruction.record.teardown.hints.add(due.annexes[annex])
        }
        if !due.isUndisturbed(place) || !reconstruction.tellPlainClose() {
          learn(place, of: due)
          reconstruction.run()
        }
      }
      if !metTimeWait.isEmpty, flows[place].isFinal {
        metTimeWait.remove(reconstruction.record.stream)
      }
      noteTimeWait(before: flows[place].successor)
      try body(&reconstruction.record)
    }
  }

  /// Puts what is known of a flow in place of what was known of the one before.
  private mutating func learn(_ place: Int, of due: borrowing DueFlows) {
    due.tell(place, to: &reconstruction.facts)
    if !metTimeWait.isEmpty {
      reconstruction.facts.metTimeWait = metTimeWait.contains(reconstruction.record.stream)
    }
    reconstruction.record.handshake = reconstruction.facts.handshake
    reconstruction.record.closing = reconstruction.facts.closing
  }

  /// Remembers that the flow that took the tuple over, in stream `successor`, met a TIME-WAIT.
  private mutating func noteTimeWait(before successor: Int?) {
    if let successor, !reconstruction.record.teardown.timeWait.isEmpty {
      metTimeWait.insert(successor)
    }
  }
}

extension DueFlows {
  /// Puts what is known of the flow at `place`, but for its evidence, into `facts`.
  @inline(__always)
  func tell(_ place: Int, to facts: inout FlowFacts) {
    let row = flows[place].place
    if flows[place].isPacked {
      var flow = Flow()
      packed[row].unpack(into: &flow)
      facts.take(flow, until: flows[place].until)
    } else {
      facts.take(rows[row], until: flows[place].until)
    }
    if let annex = flows[place].annex { facts.add(annexes[annex]) }
  }
}

extension [Observation] {
  /// Holds the evidence of `flow` instead of what it held, or none.
  // `inout`, though nothing of it changes: handed over otherwise, it would be copied.
  fileprivate mutating func replaceAll(
    withThoseOf flow: inout PackedFlow, unless isUnwanted: Bool
  ) {
    let count = isUnwanted ? 0 : Int(flow.count)
    while self.count > count { removeLast() }
    while self.count < count { append(.none) }
    var elements = mutableSpan
    for place in 0..<count { elements[place] = flow.observation(at: place) }
  }
}

extension Array {
  /// Holds `others` instead of what it held.
  // Mostly as many again: then they are written over the old ones, at one look at whose array it is.
  @inline(__always)
  fileprivate mutating func replaceAll(with others: Span<Element>) {
    while count > others.count { removeLast() }
    while count < others.count { append(others[count]) }
    var elements = mutableSpan
    for place in others.indices { elements[place] = others[place] }
  }
}
