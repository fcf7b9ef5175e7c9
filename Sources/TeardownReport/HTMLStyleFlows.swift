extension HTMLStyle {
  /// The list of flows, ladders, and what a phone and paper have otherwise.
  static let flows: StaticString = ##"""

    .controls { display: flex; flex-wrap: wrap; gap: 10px; margin: 0 0 8px; }
    .controls label { display: flex; flex-direction: column; font-size: 12px; color: var(--quiet); }
    .controls input, .controls select { color: var(--ink); font-size: 14px; }
    #flow-count { font-size: 13px; color: var(--quiet); }
    #flow-table { background: var(--card); border: 1px solid var(--edge); font-size: 13px; }
    #flow-table > thead th { padding: 2px; position: sticky; top: 0; background: var(--card);
      box-shadow: inset 0 -1px var(--edge); }
    #flow-table > thead button { border: 0; background: none; font-size: 12px; font-weight: 600;
      padding: 4px 6px; color: var(--quiet); white-space: nowrap; }
    th[aria-sort=ascending] button::after { content: " ↑"; color: var(--accent); }
    th[aria-sort=descending] button::after { content: " ↓"; color: var(--accent); }
    tr.flow { scroll-margin-top: 40px; }
    tr.flow:hover { background: color-mix(in srgb, var(--accent) 7%, transparent); }
    .flow td { padding-left: 6px; padding-right: 6px; }
    .claim { display: block; }
    .long { display: block; min-width: 128px; overflow-wrap: anywhere; }
    .short { white-space: nowrap; }
    .flow td:nth-child(5) { white-space: nowrap; }
    button.open { min-height: 0; padding: 0 8px; font-size: 13px; color: var(--accent);
      white-space: nowrap; }
    button.open::before { content: "▸ "; }
    button.open[aria-expanded=true]::before { content: "▾ "; }
    .outcome { white-space: nowrap; }
    .outcome::before { content: ""; display: inline-block; width: 9px; height: 9px;
      border-radius: 2px; margin-right: 6px; background: var(--colour); }
    tr.detail > td { padding: 14px 12px; background: var(--ground); }
    .opened { max-width: 860px; font-size: 14px; }
    .proof { font-size: 12px; color: var(--quiet); white-space: nowrap; }
    .frames { margin-left: 5px; }
    code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 13px; }
    .states { font-size: 13px; }
    .states caption { text-align: left; font-weight: 600; padding: 4px 8px; }

    figure.ladder { margin: 14px 0; }
    .ladder svg { display: block; max-width: 100%; height: auto; }
    .ladder svg, .opened figure { background: var(--card); border-radius: 8px; }
    .ladder figcaption { padding: 0 12px 8px; }
    .ladder text { fill: var(--ink); font-size: 12.5px; }
    .ladder .strong { font-weight: 600; }
    .ladder .time { fill: var(--quiet); font-size: 11px; font-variant-numeric: tabular-nums; }
    .ladder .name { font-size: 11px; fill: var(--quiet); }
    .ladder .passage, .ladder .pause { fill: var(--quiet); font-size: 11.5px; font-style: italic; }
    .rung line { stroke: var(--ink); stroke-width: 1.5; }
    .rung path { fill: var(--ink); }
    .rung.fin line { stroke: var(--accent); }
    .rung.fin path { fill: var(--accent); }
    .rung.rst line { stroke: var(--problem); stroke-width: 2; }
    .rung.rst path, .rung.rst text { fill: var(--problem); }
    .rung.icmp line { stroke: var(--problem); stroke-dasharray: 5 4; }
    .rung.icmp path { fill: var(--problem); }
    .rung:hover .probe, .rung:focus-visible .probe { fill: var(--accent); fill-opacity: .12; }
    .rung:focus-visible, .state:focus-visible { outline: none; }
    .state:hover rect, .state:focus-visible rect { stroke: var(--ink); stroke-width: 1.5; }
    .break { fill: none; stroke: var(--card); stroke-width: 4; }
    .ladder .end { font-size: 11px; fill: var(--quiet); font-style: italic; }
    .capture-end { stroke: var(--quiet); stroke-dasharray: 2 4; }
    .s-SYN-SENT, .s-SYN-RECEIVED { fill: var(--opening); }
    .s-ESTABLISHED { fill: var(--established); }
    .s-FIN-WAIT-1 { fill: var(--fin-wait-1); }
    .s-FIN-WAIT-2 { fill: var(--fin-wait-2); }
    .s-CLOSING { fill: var(--closing); }
    .s-TIME-WAIT { fill: var(--time-wait); }
    .s-CLOSE-WAIT { fill: var(--close-wait); }
    .s-LAST-ACK { fill: var(--last-ack); }
    .s-CLOSED, .s-LISTEN { fill: var(--closed); }
    .hatch-ground { fill: var(--card); fill-opacity: .55; }
    .hatch-line { fill: var(--ink); fill-opacity: .3; }

    @media screen and (max-width: 1259px) {
      #flow-table { font-size: 12px; }
      .flow td { padding-left: 4px; padding-right: 4px; }
      #flow-table > thead button { white-space: normal; padding: 4px 2px; text-align: inherit; }
      .flow td:nth-child(5) { white-space: normal; }
      .flow .short { white-space: normal; overflow-wrap: anywhere; }
      .flow .long { min-width: 0; }
    }
    @media screen and (max-width: 1000px) {
      header, main, footer { padding-left: 12px; padding-right: 12px; }
      thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
        clip-path: inset(50%); }
      #flow-table, #flow-table > tbody, #flow-table tr.detail, .wide, .wide tbody, .wide tr,
      .states, .states tbody, .states tr { display: block; }
      #flow-table { border: 0; background: none; font-size: 13px; }
      #flow-table tr.flow, .wide tbody tr, .states tbody tr { display: grid; grid-template-columns: 1fr 1fr;
        gap: 2px 12px; padding: 8px 10px; }
      tr.flow { background: var(--card); border: 1px solid var(--edge); border-radius: 8px;
        margin-bottom: 8px; }
      tr.flow td, .wide td, .wide th, .states td { display: block; padding: 0; text-align: left;
        min-width: 0; width: auto; overflow-wrap: anywhere; }
      tr.flow td::before, .wide td::before, .wide th::before, .states td::before {
        content: attr(data-label); display: block; font-size: 11px; color: var(--quiet);
        font-weight: 400; }
      .wide td.number { white-space: normal; }
      .times tbody tr { grid-template-columns: 1fr 1fr 1fr; }
      .times tbody th, #port-budget tbody th { grid-column: 1 / -1; }
      tr.flow td:last-child, .wide .outcomes { grid-column: 1 / -1; }
      tr.flow td:empty, .states td:empty { display: none; }
      tr.detail > td { display: block; padding: 4px 0 14px; }
      .plain thead { position: static; width: auto; height: auto; clip-path: none; }
      .wide thead, .states thead { position: absolute; width: 1px; height: 1px;
        clip-path: inset(50%); }
      .states caption { display: block; padding: 4px 0; }
      #flow-table .states tbody tr { grid-template-columns: 52px 1.2fr 1fr 1fr; padding: 6px 0; }
      .states td:nth-child(n)::before { display: none; }
      .states td:nth-child(5) { grid-column: 1 / 3; }
      .columns { grid-template-columns: 1fr; }
      .proof { white-space: normal; }
    }
    @media screen and (max-width: 480px) {
      body { font-size: 14px; }
      .cards { grid-template-columns: 1fr 1fr; gap: 8px; }
      .card { padding: 8px 10px; }
      .card .figure { font-size: 22px; }
      .controls label { flex: 1 1 44%; min-width: 0; }
      .controls input, .controls select { width: 100%; }
      dl.told { grid-template-columns: 1fr; gap: 0; }
      dl.told dt { margin-top: 8px; font-size: 12px; }
      .columns > section, #services, #state-times, #port-budget, .chart { padding: 10px; }
      .plain th, .plain td { padding: 4px 5px; font-size: 13px; }
      .columns td.number { white-space: normal; }
    }
    @media print {
      body { background: #fff; font-size: 11px; }
      header, main, footer { max-width: none; padding: 0; }
      #theme, .controls { display: none; }
      #flow-table { font-size: 7.5px; }
      #flow-table > thead button, .grade { font-size: 7px; }
      .flow td { padding: 2px 3px; overflow-wrap: anywhere; }
      #flow-table .flow td, .flow .short, .flow .long, #flow-table > thead button {
        white-space: normal; min-width: 0; }
      .opened { font-size: 11px; }
      .card, .chart, tr.flow, .opened, .columns > section { break-inside: avoid; }
      #flow-table > thead th { position: static; }
      rect, path, .grade, .outcome::before { print-color-adjust: exact;
        -webkit-print-color-adjust: exact; }
    }

    """##
}
