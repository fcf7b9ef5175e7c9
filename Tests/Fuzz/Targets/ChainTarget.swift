internal import PacketCapture
internal import PacketDecoding
internal import TCPTeardown
internal import TeardownReport

/// The octets are a capture file, which goes all the way to what is told of it.
///
/// In batches, as the command reads it, and packet by packet: the same must come of it.
enum ChainTarget {
  /// What was read of a capture, and what reads it.
  private struct Intake {
    let kinds: Enclosure.Kinds
    var reassembly: Reassembly
    var frames = 0
    var payloadOctets: UInt64 = 0
    var latest = Int64.min

    init(regarding kinds: Enclosure.Kinds) {
      self.kinds = kinds
      reassembly = Reassembly(
        regarding: kinds, limits: Reassembly.Limits(datagrams: 4, octets: 10_000))
    }

    mutating func decode(_ record: PacketRecord, _ octets: Span<UInt8>) -> DecodedPacket {
      let decoded = reassembly.decode(
        octets, linkType: record.linkType, originalLength: record.originalLength, at: record.time,
        number: frames)
      let earlier = reassembly.earlierFrames
      expect(earlier.allSatisfy { $0 < frames }, "a fragment from a later frame")
      expect(Set(earlier).count == earlier.count, "a frame that has two fragments")
      if case .segment(let segment) = decoded { payloadOctets += UInt64(segment.payloadLength) }
      frames += 1
      latest = max(latest, record.time)
      return decoded
    }
  }

  static func run(_ octets: [UInt8]) {
    // The length picks what the octets should not have to spell.
    let options = ReconstructionOptions(
      profile: Profile.named[octets.count % Profile.named.count],
      keepsDuplicates: octets.count % 2 == 0)
    let limit = octets.count % 3 == 0 ? 1 + octets.count % 4 : FlowTable.usualLimit
    let kinds = Enclosure.Kinds(rawValue: UInt8(octets.count / 8 % 4))
    let batches = read(octets, options, kinds, limit: limit) { file, table, intake in
      takeRun(of: file, into: &table, &intake)
    }
    let single = read(octets, options, kinds, limit: limit) { file, table, intake in
      takePackets(of: file, into: &table, &intake)
    }
    expect(batches == single, "packet by packet, another report comes of it")
  }

  /// The rows of the capture's flows; `take` feeds a run of packets to the table.
  private static func read(
    _ octets: [UInt8], _ options: ReconstructionOptions, _ kinds: Enclosure.Kinds, limit: Int,
    _ take: (borrowing CaptureFile, inout FlowTable, inout Intake) -> Void
  ) -> [[UInt8]] {
    var table = FlowTable(options: options, limit: limit)
    table.packsFrom = 0
    var recorder = Recorder(options: options)
    var rendering = Rendering(profile: options.profile, rowsOnly: octets.count % 8 > 0)
    var records: [FlowRecord] = []
    var intake = Intake(regarding: kinds)
    do throws(CaptureError) {
      var file = try CaptureImage.open(octets)
      while try file.next(limit: SegmentBatch.capacity) == .packets {
        take(file, &table, &intake)
        recorder.drain(&table) { records.append(copy $0) }
      }
    } catch {
      // What was read before it is told.
    }
    while table.finishSome() { recorder.drain(&table) { records.append(copy $0) } }
    var invariants = Invariants(frames: intake.frames, latest: intake.latest)
    for record in records {
      invariants.take(record)
      rendering.take(record, until: table.clock.end)
    }
    invariants.conclude(table, payloadOctets: intake.payloadOctets)
    rendering.conclude(table.counts)
    return rendering.rows
  }

  private static func takeRun(
    of file: borrowing CaptureFile, into table: inout FlowTable, _ intake: inout Intake
  ) {
    var batch = SegmentBatch()
    batch.firstFrame = intake.frames + 1
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        let bytes = octets.extracting(record.range)
        let decoded = intake.decode(record, bytes)
        let isPlain =
          intake.kinds.isEmpty
          && batch.append(
            segmentIn: bytes, linkType: record.linkType, originalLength: record.originalLength,
            at: record.time)
        if !isPlain { batch.append(decoded, at: record.time) }
      }
    }
    table.take(&batch)
  }

  private static func takePackets(
    of file: borrowing CaptureFile, into table: inout FlowTable, _ intake: inout Intake
  ) {
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        let decoded = intake.decode(record, octets.extracting(record.range))
        table.advance(to: record.time)
        switch decoded {
        case .segment(let segment): table.take(segment, at: record.time, frame: intake.frames)
        case .icmpError(let error): table.take(error, at: record.time, frame: intake.frames)
        case .fragment, .undecoded: break
        }
      }
    }
  }
}
