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

  package init(options: ReconstructionOptions) {
    reconstruction = Reconstruction(options: options)
  }

  /// Takes out of `table` what is due, and hands its records to `body`.
  package mutating func drain(
    _ table: inout FlowTable, _ body: (borrowing FlowRecord) throws -> Void
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
  package mutating func record(
    _ due: borrowing DueFlows, _ body: (borrowing FlowRecord) throws -> Void
  ) rethrows {
    // Spans lend their elements; what is handed on of an array's is copied.
    let flows = due.flows.span
    let observations = due.observations.span
    for place in 0..<due.count {
      reconstruction.record.evidence.replaceAll(
        with: observations.extracting(flows[place].evidence))
      reconstruction.record.take(flows[place])
      reconstruction.facts.until = flows[place].until
      if let annex = flows[place].annex {
        reconstruction.record.teardown.hints.add(due.annexes[annex])
      }
      if !due.isUndisturbed(place) || !reconstruction.tellPlainClose() {
        learn(place, of: due)
        reconstruction.run()
      }
      if !metTimeWait.isEmpty, flows[place].isFinal { metTimeWait.remove(flows[place].flow.stream) }
      noteTimeWait(before: flows[place].successor)
      try body(reconstruction.record)
    }
  }

  /// Puts what is known of a flow in place of what was known of the one before.
  @inline(__always)
  private mutating func learn(_ place: Int, of due: borrowing DueFlows) {
    reconstruction.facts.take(due.flows[place].flow, until: due.flows[place].until)
    if let annex = due.flows[place].annex { reconstruction.facts.add(due.annexes[annex]) }
    if !metTimeWait.isEmpty {
      reconstruction.facts.metTimeWait = metTimeWait.contains(due.flows[place].flow.stream)
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
