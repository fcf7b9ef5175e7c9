extension Flow {
  /// What is known of a flow in yes and no.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt64

    /// Where that side's numbers begin is known, be it from the other side's acknowledgment.
    static let clientHasBase = Self(rawValue: 1 << 0)
    static let serverHasBase = Self(rawValue: 1 << 1)
    /// The client is the low end of the key.
    static let clientIsLow = Self(rawValue: 1 << 2)
    /// A SYN or SYN-ACK told the roles.
    static let rolesObserved = Self(rawValue: 1 << 3)
    /// Segments can still tell of a beginning.
    static let opening = Self(rawValue: 1 << 4)
    /// Segments can tell of an end: a FIN or RST was seen.
    static let closing = Self(rawValue: 1 << 5)
    static let clientSentFIN = Self(rawValue: 1 << 6)
    static let serverSentFIN = Self(rawValue: 1 << 7)
    /// A copy of that side's FIN waits for an acknowledgment.
    static let clientFINPending = Self(rawValue: 1 << 8)
    static let serverFINPending = Self(rawValue: 1 << 9)
    static let clientFINAcknowledged = Self(rawValue: 1 << 10)
    static let serverFINAcknowledged = Self(rawValue: 1 << 11)
    /// A RST with an acceptable number came.
    static let reset = Self(rawValue: 1 << 12)
    /// Has a place in the queue of settled flows.
    static let queued = Self(rawValue: 1 << 13)
    static let sawSYN = Self(rawValue: 1 << 14)
    static let sawSYNAck = Self(rawValue: 1 << 15)
    static let sawACK = Self(rawValue: 1 << 16)
    static let sawFIN = Self(rawValue: 1 << 17)
    static let sawRST = Self(rawValue: 1 << 18)
    static let sawData = Self(rawValue: 1 << 19)
    /// The first segment captured was neither SYN nor SYN-ACK.
    static let midstream = Self(rawValue: 1 << 20)
    /// Came after the tuple's flow was final.
    static let late = Self(rawValue: 1 << 21)
    /// Was shown by the live view when it settled.
    static let announced = Self(rawValue: 1 << 22)
    /// That side's own numbers are known: it sent a segment of this flow that is no RST.
    static let clientNumbered = Self(rawValue: 1 << 23)
    static let serverNumbered = Self(rawValue: 1 << 24)
    /// That side has sent an acknowledgment.
    static let clientAcknowledged = Self(rawValue: 1 << 25)
    static let serverAcknowledged = Self(rawValue: 1 << 26)
    /// Another pure ACK, or more payload, of that side's would not change Zeek's words.
    static let clientAckIsOld = Self(rawValue: 1 << 27)
    static let serverAckIsOld = Self(rawValue: 1 << 28)
    static let clientDataIsOld = Self(rawValue: 1 << 29)
    static let serverDataIsOld = Self(rawValue: 1 << 30)
    /// A SYN of the client's came.
    static let hasSYN = Self(rawValue: 1 << 31)
    /// It was the flow's first segment, and none has an earlier stamp.
    static let synIsFirst = Self(rawValue: 1 << 32)
    /// The flow that had the tuple before is not final yet.
    static let hasPredecessor = Self(rawValue: 1 << 33)
    /// That side repeats itself, or probes, and has got no answer yet.
    static let clientStalled = Self(rawValue: 1 << 34)
    static let serverStalled = Self(rawValue: 1 << 35)
    /// Octets of that side's were not captured where they were due.
    static let clientHasHole = Self(rawValue: 1 << 36)
    static let serverHasHole = Self(rawValue: 1 << 37)
    /// Another flow has taken the tuple over; or the row holds none any more.
    static let superseded = Self(rawValue: 1 << 38)

    @inline(__always)
    static func stalled(_ side: Side) -> Self { clientStalled.of(side) }
    @inline(__always)
    static func hasHole(_ side: Side) -> Self { clientHasHole.of(side) }
    @inline(__always)
    static func hasBase(_ side: Side) -> Self { clientHasBase.of(side) }
    @inline(__always)
    static func sentFIN(_ side: Side) -> Self { clientSentFIN.of(side) }
    @inline(__always)
    static func finPending(_ side: Side) -> Self { clientFINPending.of(side) }
    @inline(__always)
    static func finAcknowledged(_ side: Side) -> Self { clientFINAcknowledged.of(side) }
    @inline(__always)
    static func numbered(_ side: Side) -> Self { clientNumbered.of(side) }
    @inline(__always)
    static func acknowledged(_ side: Side) -> Self { clientAcknowledged.of(side) }
    @inline(__always)
    static func ackIsOld(_ side: Side) -> Self { clientAckIsOld.of(side) }
    @inline(__always)
    static func dataIsOld(_ side: Side) -> Self { clientDataIsOld.of(side) }

    /// The side that sends, where the sender is or is not the low end of the key.
    @inline(__always)
    func side(whoIsLow isLow: Bool) -> Side {
      isLow == contains(.clientIsLow) ? .client : .server
    }

    /// Segments without SYN, FIN and RST need a closer look only while one of these holds.
    @inline(__always)
    static var telling: Self { Self(rawValue: opening.rawValue | closing.rawValue) }
    /// While one of these holds, no segment is just what was due.
    @inline(__always)
    static var disturbing: Self {
      Self(rawValue: disturbed.rawValue | hasPredecessor.rawValue | superseded.rawValue)
    }
    /// A side repeats itself, or something of it was not captured where it was due.
    static var disturbed: Self {
      Self(rawValue: 0b11 * clientStalled.rawValue | 0b11 * clientHasHole.rawValue)
    }
    /// Both sides' own numbers are known.
    @inline(__always)
    static var bothHaveNext: Self { Self(rawValue: 0b11 * clientNumbered.rawValue) }
    /// Both sides' numbers and acknowledgments are known.
    static var bothNumbered: Self {
      Self(rawValue: 0b11 * (clientNumbered.rawValue | clientAcknowledged.rawValue))
    }
    static var bothFINsAcknowledged: Self { clientFINAcknowledged.union(serverFINAcknowledged) }

    /// Each of these has its server counterpart in the next higher bit.
    private static let ofClient: Self = [
      .clientHasBase, .clientSentFIN, .clientFINPending, .clientFINAcknowledged, .clientNumbered,
      .clientAcknowledged, .clientAckIsOld, .clientDataIsOld, .clientStalled, .clientHasHole,
    ]
    private static let ofServer = Self(rawValue: ofClient.rawValue << 1)

    /// Of a mark of the client's, the same of `side`.
    @inline(__always)
    private func of(_ side: Side) -> Self { Self(rawValue: rawValue << UInt64(side.rawValue)) }

    /// The same marks with the sides exchanged.
    var swapped: Self {
      let toServer = intersection(.ofClient).rawValue << 1
      let toClient = intersection(.ofServer).rawValue >> 1
      let rest = subtracting(.ofClient).subtracting(.ofServer).symmetricDifference(.clientIsLow)
      return Self(rawValue: rest.rawValue | toServer | toClient)
    }
  }
}
