/// What a pcapng file tells of its capture, in interface statistics blocks (pcapng 4.6).
package struct FileStatistics: Equatable, Sendable {
  /// Packets dropped by the operating system (`isb_osdrop`); nil where nothing is said.
  package var droppedBySystem: UInt64?
  /// Packets dropped by the interface (`isb_ifdrop`); nil where nothing is said.
  ///
  /// dumpcap counts here what the kernel's buffer had no room for.
  package var droppedByInterface: UInt64?
  /// When the capture ended, in nanoseconds since the Unix epoch (`isb_endtime`).
  package var endTime: Int64?

  package init() {}

  /// Adds what another interface, or another file, tells.
  package mutating func add(_ other: FileStatistics) {
    droppedBySystem = Self.sum(droppedBySystem, other.droppedBySystem)
    droppedByInterface = Self.sum(droppedByInterface, other.droppedByInterface)
    if let end = other.endTime { endTime = max(endTime ?? end, end) }
  }

  /// Takes what the same interface tells later.
  mutating func update(with later: FileStatistics) {
    droppedBySystem = later.droppedBySystem ?? droppedBySystem
    droppedByInterface = later.droppedByInterface ?? droppedByInterface
    endTime = later.endTime ?? endTime
  }

  private static func sum(_ one: UInt64?, _ other: UInt64?) -> UInt64? {
    guard let one, let other else { return one ?? other }
    // Numbers of a file: they may be anything.
    let (sum, isOverflow) = one.addingReportingOverflow(other)
    return isOverflow ? .max : sum
  }
}

extension CaptureReader {
  /// What all of its sections so far tell.
  var statistics: FileStatistics {
    var sum = earlierStatistics
    sum.add(section.statistics)
    return sum
  }

  /// Takes the options of a statistics block, from one place in the buffer to another; what is
  /// malformed, or of an interface that is not described, is passed over.
  mutating func noteStatistics(interface number: UInt32, from first: Int, to end: Int) {
    guard let index = Int(exactly: number), index < section.interfaces.count else { return }
    var found = FileStatistics()
    var place = first
    while end - place >= 4 {
      let option = unsafe (code: halfWord(at: place), length: Int(halfWord(at: place + 2)))
      let value = place + 4
      guard option.code != 0, option.length <= end - value else { break }
      if option.length == 8 {
        let (first, second) = unsafe (UInt64(word(at: value)), UInt64(word(at: value + 4)))
        let count = isBigEndian ? first << 32 | second : second << 32 | first
        switch option.code {
        // A time is two words, the upper first in either byte order.
        case 3:
          let ticks = first << 32 | second
          found.endTime = section.interfaces[index].resolution.nanoseconds(ticks: ticks).time
        case 5: found.droppedByInterface = count
        case 7: found.droppedBySystem = count
        default: break
        }
      }
      place = value + (option.length + 3) & ~3
    }
    section.note(found, ofInterface: index)
  }
}
