import ArgumentParser
import PacketCapture
import PacketDecoding
import TCPTeardown
import TeardownReport

/// The packets of selected flows on their way to the file of `-w`: what decides which they are, and
/// so how often the input is read.
struct Carving: Sendable {
  /// What packets are chosen by.
  enum Choice: Sendable {
    /// Every packet of the source, for a recording that frame numbers of the report hold for.
    case everything
    /// Those of flows, of this host or of any.
    case flows(of: HostArgument?)
    /// Those of the flows that turn out to be selected: a second reading.
    case verdicts
  }

  let sink: PacketSink
  let choice: Choice
  /// The options that packets alone do not decide.
  var verdictOptions: [String] = []

  /// Writes what can be told already of a run, which `batch` holds decoded, with IP fragments at the
  /// places of `fragments`.
  func take(
    _ source: borrowing some PacketSource & ~Copyable, decoded batch: inout SegmentBatch,
    _ fragments: [FragmentPlace]
  ) {
    switch choice {
    case .everything: sink.take(source)
    case .flows(let host): sink.take(source, of: host, decoded: &batch, fragments)
    case .verdicts: break
    }
  }

  /// The path of the file, unless it is standard output.
  var paths: [String] { sink.name == PacketSink.standardOutputName ? [] : [sink.name] }

  var needsSecondReading: Bool {
    if case .verdicts = choice { true } else { false }
  }

  /// Closes the file, and says on standard error what it holds; of files, in how many readings.
  func conclude(flows: Int?) throws {
    let account = try Diagnosed.capture { () throws(CaptureError) in try sink.finish() }
    let packets = Wording.count(account.packets, "packet")
    if let flows {
      Diagnostics.say(
        "wrote \(packets) of \(Wording.count(flows, "flow")) to \(sink.name), "
          + (needsSecondReading
            ? "in two passes, for \(verdictOptions.joined(separator: ", "))" : "in one pass"))
    } else {
      Diagnostics.say("wrote \(packets) to \(sink.name)")
    }
    tellOfFragments()
  }

  /// Says how many IP fragments the file lacks.
  private func tellOfFragments() {
    let missing = sink.missingFragments
    guard missing > 0 else { return }
    Diagnostics.say(
      "\(sink.name) lacks \(Wording.count(missing, "IP fragment")): more than "
        + "\(HeldPackets.octetsAtMost >> 20) MiB, or \(HeldPackets.longest / 1_000_000_000) s, lay "
        + "between \(missing == 1 ? "it" : "each") and the last of its datagram")
  }
}

extension OutputOptions {
  /// What `-w` asks of files, which are `inputs`; the file is opened.
  func carving(
    _ selection: FlowSelection, from inputs: [String], report: String?
  ) throws -> Carving? {
    guard let write else { return nil }
    let options = selection.verdictOptions
    if !options.isEmpty, let input = inputs.first(where: { !CaptureFile.canBeReadAgain($0) }) {
      throw ValidationError(
        "-w with \(options.joined(separator: ", ")) reads the input twice, and "
          + "\(input == CaptureFile.standardInput ? "standard input" : input) can be read once only: "
          + "save it to a file first, or select by --host or -f alone.")
    }
    return Carving(
      sink: try openSink(write, sparing: inputs, report: report),
      choice: options.isEmpty ? .flows(of: selection.host) : .verdicts, verdictOptions: options)
  }

  /// What `-w` asks of a live capture; what packets do not decide is said to be written too.
  func liveCarving(_ selection: FlowSelection, report: String?) throws -> Carving? {
    guard let write else { return nil }
    let sink = try openSink(write, sparing: [], report: report)
    let options = selection.verdictOptions
    if !options.isEmpty {
      Diagnostics.say(
        "\(sink.name) gets the packets of other flows too: \(options.joined(separator: ", ")) "
          + "selects flows that have been seen")
    }
    return Carving(
      sink: sink, choice: selection.host.map { .flows(of: $0) } ?? .everything)
  }

  private func openSink(
    _ path: String, sparing inputs: [String], report: String?
  ) throws -> PacketSink {
    if path == CaptureFile.standardInput, report == path {
      throw ValidationError("Standard output takes the packets (-w -) or the report (-o -).")
    }
    return try Diagnosed.capture { () throws(CaptureError) in
      try PacketSink(path: path, sparing: inputs)
    }
  }

  /// Where the report goes: nowhere if packets take its place, as for tcpdump.
  func reportPath(_ writing: WritingOptions) -> String? {
    writing.output ?? (write == CaptureFile.standardInput ? "/dev/null" : nil)
  }
}

/// The second reading of files, which writes the packets of the flows that the first has selected.
struct SecondReading {
  let reading: CaptureReading
  let streams: StreamSet
  /// What the first reading knows of frames whose flow is not told by their place in the file.
  let displaced: DisplacedFrames
  /// Packets that the first reading met: what a file has grown by since is left out.
  let frames: Int

  /// Writes the packets into `sink`; false where the input has fewer than it had.
  func run(into sink: PacketSink) -> Bool {
    guard streams.count > 0 else { return true }
    var source = CaptureMerge(paths: reading.paths)
    var intake = Intake(filter: reading.filter, regarding: reading.kinds)
    var table = FlowTable(options: reading.options, limit: reading.maxFlows)
    var batch = [SegmentBatch()]
    var due = DueFlows()
    var told: [Int] = []
    let progress = Progress("second pass", reading: reading.paths)
    defer { progress?.end() }
    while intake.frames < frames, !sink.hasFailed {
      let limit = min(SegmentBatch.capacity, frames - intake.frames)
      guard case .packets = source.next(limit: limit) else { return false }
      let first = intake.frames + 1
      intake.take(source, into: &batch[0])
      table.take(&batch[0], telling: &told)
      sink.take(source, from: first, intake.fragments) { place in
        streams.contains(displaced.stream(of: first + place) ?? told[place])
      }
      progress?.note(octets: source.octetsRead, packets: intake.frames)
      progress?.note(flows: table.streams)
      // Nobody asks for the records again.
      if table.hasDue {
        table.takeDue(&due)
        due.removeAll()
      }
    }
    return true
  }
}
