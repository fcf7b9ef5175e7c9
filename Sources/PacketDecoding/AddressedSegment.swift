/// A segment and the two ends between which it went; its own properties are those of the segment.
@dynamicMemberLookup
package struct AddressedSegment: Equatable, Sendable {
  package var source: Endpoint
  package var destination: Endpoint
  package var segment: Segment
  /// What keeps its flow from others between these ends, `FlowKey.scopeBits` bits of it.
  package var scope: UInt32 = 0

  package init(source: Endpoint, destination: Endpoint, segment: Segment, scope: UInt32 = 0) {
    self.source = source
    self.destination = destination
    self.segment = segment
    self.scope = scope
  }

  package init(
    source: Endpoint, destination: Endpoint, sequenceNumber: SequenceNumber,
    acknowledgmentNumber: SequenceNumber, flags: TCPFlags, payloadLength: UInt32,
    window: UInt16 = 0, timeToLive: UInt8 = 64, identification: UInt16 = 0,
    options: TCPOptions = TCPOptions()
  ) {
    self.source = source
    self.destination = destination
    segment = Segment(
      sequenceNumber: sequenceNumber, acknowledgmentNumber: acknowledgmentNumber, flags: flags,
      payloadLength: payloadLength, window: window, timeToLive: timeToLive,
      identification: identification, options: options)
  }

  /// The sequence number after the segment.
  package var end: SequenceNumber { segment.end }

  package subscript<Value>(dynamicMember member: WritableKeyPath<Segment, Value>) -> Value {
    get { segment[keyPath: member] }
    set { segment[keyPath: member] = newValue }
  }
}
