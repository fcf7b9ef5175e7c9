internal import PacketCapture
internal import PacketDecoding
internal import TCPTeardown
internal import TeardownReport

/// The octets are a capture file, which goes all the way to what is told of it.
///
/// In batches, as the command reads it, and packet by packet: the same must come of it.
enum ChainTarget {
  static func run(_ octets: [UInt8]) {
    // The length picks what the octets should not have to spell.
    let options = ReconstructionOptions(
      profile: Profile.named[octets.count % Profile.named.count],
      keepsDuplicates: octets.count % 2 == 0)
    let limit = octets.count % 3 == 0 ? 1 + octets.count % 4 : FlowTable.usualLimit
    let batches = read(octets, options, limit: limit) { file, table, frames in
      takeRun(of: file, into: &table, frames: &frames)
    }
    let single = read(octets, options, limit: limit) { file, table, frames in
      takePackets(of: file, into: &table, frames: &frames)
    }
    expect(batches == single, "packet by packet, another report comes of it")
  }

  /// The rows of the capture's flows; `take` feeds a run of packets to the table.
  private static func read(
    _ octets: [UInt8], _ options: ReconstructionOptions, limit: Int,
    _ take: (borrowing CaptureFile, inout FlowTable, inout Int) -> Void
  ) -> [[UInt8]] {
    var table = FlowTable(options: options, limit: limit)
    var recorder = Recorder(options: options)
    var rendering = Rendering(profile: options.profile, rowsOnly: octets.count % 8 > 0)
    var records: [FlowRecord] = []
    var frames = 0
    do throws(CaptureError) {
      var file = try CaptureImage.open(octets)
      while try file.next(limit: SegmentBatch.capacity) == .packets {
        take(file, &table, &frames)
        recorder.drain(&table) { records.append(copy $0) }
      }
    } catch {
      // What was read before it is told.
    }
    while table.finishSome() { recorder.drain(&table) { records.append(copy $0) } }
    var invariants = Invariants(frames: frames)
    for record in records {
      invariants.take(record)
      rendering.take(record, until: table.clock.end)
    }
    invariants.conclude(table)
    rendering.conclude(table.counts)
    return rendering.rows
  }

  private static func takeRun(
    of file: borrowing CaptureFile, into table: inout FlowTable, frames: inout Int
  ) {
    var batch = SegmentBatch()
    batch.firstFrame = frames + 1
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        let bytes = octets.extracting(record.range)
        let isSegment = batch.append(
          segmentIn: bytes, linkType: record.linkType, originalLength: record.originalLength,
          at: record.time)
        guard !isSegment else { continue }
        _ = batch.append(
          otherIn: bytes, linkType: record.linkType, originalLength: record.originalLength,
          at: record.time)
      }
      frames += records.count
    }
    table.take(&batch)
  }

  private static func takePackets(
    of file: borrowing CaptureFile, into table: inout FlowTable, frames: inout Int
  ) {
    file.withRun { records, octets in
      for place in records.indices {
        let record = records[place]
        frames += 1
        table.advance(to: record.time)
        let decoded = PacketDecoder.decode(
          octets.extracting(record.range), linkType: record.linkType,
          originalLength: record.originalLength)
        switch decoded {
        case .segment(let segment): table.take(segment, at: record.time, frame: frames)
        case .icmpError(let error): table.take(error, at: record.time, frame: frames)
        case .undecoded: break
        }
      }
    }
  }
}
