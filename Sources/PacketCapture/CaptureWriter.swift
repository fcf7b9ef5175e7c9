internal import Glibc

/// Writes packets into a capture file as they are: octets, lengths, link types, times to the
/// nanosecond.
///
/// The file is a classic pcap, with nanoseconds if a stamp needs them, for as long as all packets fit
/// in one: they are of one link type, not longer than libpcap takes, and captured before 2106. Else
/// it is pcapng. What is held until that is known is bounded; a packet that does not fit in what was
/// begun has a plain file written anew in the form that it needs. Through a pipe that cannot be done.
///
/// A file that breaks off (a full disk) holds whole packets only.
package struct CaptureWriter: ~Copyable, Sendable {
  /// What was written in all.
  package struct Account: Equatable, Sendable {
    package var packets = 0
    /// Octets of the file.
    package var octets: UInt64 = 0
    package var form: CaptureForm
  }

  private var file: RawOutput
  private var encoder: CaptureEncoder
  /// Nothing has been encoded yet: the form may still change.
  private var isUndecided = true
  /// The packets until then; their offsets are into `heldOctets`.
  private var held: [PacketRecord] = []
  private var heldOctets: [UInt8] = []
  /// Packets of which all octets are in the file, and in the file or the encoder.
  private var packetsInFile = 0
  private var packets = 0

  /// What is held until the form is decided, and what is encoded before it is written, in octets.
  static let portion = 1 << 18
  private static let heldAtMost = 4_096

  /// Opens the file at `path`; `-` is standard output.
  ///
  /// One that holds something already is not touched, nor is any of `others`, by whatever name it
  /// goes. A name that ends in `.pcapng` asks for that form.
  package init(path: String, sparing others: [String] = []) throws(CaptureError) {
    file = try RawOutput.open(path, sparing: others)
    encoder = CaptureEncoder(path.hasSuffix(".pcapng") ? .pcapng : .pcap(nanoseconds: false))
  }

  /// A file at `path` that is new, in the form of `encoder`.
  private init(newFile path: String, _ encoder: CaptureEncoder) throws(CaptureError) {
    file = try RawOutput.open(newFile: path)
    self.encoder = encoder
    isUndecided = false
  }

  /// Writes a packet, whose own octets `octets` are.
  ///
  /// Throws `cannotWrite`; then nothing more can be written.
  package mutating func write(
    _ record: PacketRecord, _ octets: Span<UInt8>
  ) throws(CaptureError) {
    if isUndecided {
      hold(record, octets)
      if heldOctets.count >= Self.portion || held.count >= Self.heldAtMost { try decide() }
      return
    }
    if let form = encoder.form(toFit: record) { try begin(anewIn: form) }
    encoder.append(record, octets)
    packets += 1
    if encoder.octets.count >= Self.portion { try writeOut() }
  }

  /// Writes out what has gathered; from then on the form is settled.
  package mutating func flush() throws(CaptureError) {
    guard packets > 0 else { return }
    if isUndecided { try decide() }
    try writeOut()
  }

  /// Writes the rest and closes the file; without a packet it is a capture of none.
  package consuming func finish() throws(CaptureError) -> Account {
    if isUndecided { try decide() }
    if packets == 0 { encoder.begin(linkType: LinkType.ethernet) }
    try writeOut()
    let account = Account(packets: packets, octets: file.count, form: encoder.form)
    try file.close(packets: packetsInFile)
    return account
  }

  /// Gives the file up, and removes it if it was made for this.
  package consuming func discard() {
    if file.isNew { file.remove() }
  }

  private mutating func hold(_ record: PacketRecord, _ octets: Span<UInt8>) {
    var record = record
    record.offset = UInt32(heldOctets.count)
    held.append(record)
    unsafe octets.withUnsafeBufferPointer { unsafe heldOctets.append(contentsOf: $0) }
    packets += 1
  }

  /// Encodes what is held in the simplest form that takes all of it.
  private mutating func decide() throws(CaptureError) {
    isUndecided = false
    let (records, octets) = (held, heldOctets)
    (held, heldOctets) = ([], [])
    for record in records { encoder.makeFit(record) }
    for record in records { encoder.append(record, octets.span.extracting(record.range)) }
    if encoder.octets.count >= Self.portion { try writeOut() }
  }

  private mutating func writeOut() throws(CaptureError) {
    try file.write(encoder.octets, packetsBefore: packetsInFile)
    encoder.octets.removeAll(keepingCapacity: true)
    packetsInFile = packets
  }

  /// Writes the file anew in another form: beside it, and then in its place.
  private mutating func begin(anewIn form: CaptureForm) throws(CaptureError) {
    try writeOut()
    guard let path = file.replaceablePath else {
      throw .cannotWrite(
        path: file.name, packets: packetsInFile,
        reason: "a packet came that needs \(form), and what went through a pipe stays a "
          + "\(encoder.form): write to a file")
    }
    var other = try CaptureWriter(
      newFile: path + ".\(getpid()).part", CaptureEncoder(form))
    do throws(CaptureError) {
      var source = try CaptureFile(path: path)
      while try source.next() == .packets { try other.copy(source) }
      try other.writeOut()
      try other.file.rename(to: path)
    } catch {
      other.file.remove()
      throw .cannotWrite(path: path, packets: packetsInFile, reason: error.reason)
    }
    self = other
  }

  /// Appends the run that `source` stands at.
  private mutating func copy(_ source: borrowing CaptureFile) throws(CaptureError) {
    var failure: CaptureError?
    source.withRun { records, octets in
      do throws(CaptureError) {
        for place in records.indices {
          try write(records[place], octets.extracting(records[place].range))
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}

/// What kind of capture file holds packets.
package enum CaptureForm: Equatable, Sendable, CustomStringConvertible {
  case pcap(nanoseconds: Bool)
  case pcapng

  package var description: String {
    switch self {
    case .pcap(nanoseconds: false): "pcap"
    case .pcap(nanoseconds: true): "pcap with nanoseconds"
    case .pcapng: "pcapng"
    }
  }
}
