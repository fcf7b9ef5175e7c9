internal import PacketCapture
internal import PacketDecoding
internal import TCPTeardown
internal import TeardownReport

/// The octets are a capture file, which goes all the way to what is told of it.
///
/// In batches, as the command reads it, and packet by packet: the same must come of it.
enum ChainTarget {
  /// What was read of a capture.
  private struct Account {
    var frames = 0
    var payloadOctets: UInt64 = 0
    var latest = Int64.min

    mutating func add(_ decoded: DecodedPacket, at time: Int64) {
      frames += 1
      latest = max(latest, time)
      if case .segment(let segment) = decoded { payloadOctets += UInt64(segment.payloadLength) }
    }
  }

  static func run(_ octets: [UInt8]) {
    // The length picks what the octets should not have to spell.
    let options = ReconstructionOptions(
      profile: Profile.named[octets.count % Profile.named.count],
      keepsDuplicates: octets.count % 2 == 0)
    let limit = octets.count % 3 == 0 ? 1 + octets.count % 4 : FlowTable.usualLimit
    let batches = read(octets, options, limit: limit) { file, table, account in
      takeRun(of: file, into: &table, &account)
    }
    let single = read(octets, options, limit: limit) { file, table, account in
      takePackets(of: file, into: &table, &account)
    }
    expect(batches == single, "packet by packet, another report comes of it")
  }

  /// The rows of the capture's flows; `take` feeds a run of packets to the table.
  private static func read(
    _ octets: [UInt8], _ options: ReconstructionOptions, limit: Int,
    _ take: (borrowing CaptureFile, inout FlowTable, inout Account) -> Void
  ) -> [[UInt8]] {
    var table = FlowTable(options: options, limit: limit)
    var recorder = Recorder(options: options)
    var rendering = Rendering(profile: options.profile, rowsOnly: octets.count % 8 > 0)
    var records: [FlowRecord] = []
    var account = Account()
    do throws(CaptureError) {
      var file = try CaptureImage.open(octets)
      while try file.next(limit: SegmentBatch.capacity) == .packets {
        take(file, &table, &account)
        recorder.drain(&table) { records.append(copy $0) }
      }
    } catch {
      // What was read before it is told.
    }
    while table.finishSome() { recorder.drain(&table) { records.append(copy $0) } }
    var invariants = Invariants(frames: account.frames, latest: account.latest)
    for record in records {
      invariants.take(record)
      rendering.take(record, until: table.clock.end)
    }
    invariants.conclude(table, payloadOctets: account.payloadOctets)
    rendering.conclude(table.counts)
    return rendering.rows
  }

  private static func takeRun(
    of file: borrowing CaptureFile, into table: inout FlowTable, _ account: inout Account
  ) {
    var batch = SegmentBatch()
    batch.firstFrame = account.frames + 1
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        let bytes = octets.extracting(record.range)
        account.add(decode(record, bytes), at: record.time)
        let isSegment = batch.append(
          segmentIn: bytes, linkType: record.linkType, originalLength: record.originalLength,
          at: record.time)
        guard !isSegment else { continue }
        _ = batch.append(
          otherIn: bytes, linkType: record.linkType, originalLength: record.originalLength,
          at: record.time)
      }
    }
    table.take(&batch)
  }

  private static func takePackets(
    of file: borrowing CaptureFile, into table: inout FlowTable, _ account: inout Account
  ) {
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        let decoded = decode(record, octets.extracting(record.range))
        account.add(decoded, at: record.time)
        table.advance(to: record.time)
        switch decoded {
        case .segment(let segment): table.take(segment, at: record.time, frame: account.frames)
        case .icmpError(let error): table.take(error, at: record.time, frame: account.frames)
        case .undecoded: break
        }
      }
    }
  }

  private static func decode(_ record: PacketRecord, _ octets: Span<UInt8>) -> DecodedPacket {
    PacketDecoder.decode(
      octets, linkType: record.linkType, originalLength: record.originalLength)
  }
}
