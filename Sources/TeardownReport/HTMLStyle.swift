/// The page's style sheets.
enum HTMLStyle {
  /// SHA-256 of both sheets as the page's Content-Security-Policy has it; a test works them out anew.
  static let hashes = [
    "sha256-bxysorCX6JWQ/1OYZaIVLCiPFpYyIZ4PL27mdT50uQY=",
    "sha256-xQzLivnLbP7qBQPy9w3Qm6XHd5BpiYG0wx59mw5V+80=",
  ]

  /// Colours, text, and what stands above the list of flows.
  static let sheet: StaticString = ##"""

    :root {
      color-scheme: light;
      --ground: #f5f6f8; --card: #fff; --ink: #1a222d; --quiet: #55606e; --edge: #dce1e7;
      --accent: #1d5bb8; --problem: #b3261e; --caution: #855600;
      --established: #3f9b5f; --opening: #7ba9e0; --fin-wait-1: #dda01f; --fin-wait-2: #d5732a;
      --closing: #c9619a; --time-wait: #7657c6; --close-wait: #d2453b; --last-ack: #22909e;
      --closed: #aeb7c2; --refused: #a8327c; --unreachable: #7d4aa8; --simultaneous: #86c59a;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root:not([data-theme=light]) {
        color-scheme: dark;
        --ground: #11151b; --card: #1a2029; --ink: #e3e8ee; --quiet: #9ba7b6; --edge: #2e3844;
        --accent: #82b1ff; --problem: #ff8d84; --caution: #f0bb55;
        --established: #4fae73; --opening: #5b8cc8; --fin-wait-1: #d9a73c; --fin-wait-2: #de853f;
        --closing: #d77bac; --time-wait: #9a80e8; --close-wait: #ee6c62; --last-ack: #3fb0be;
        --closed: #5a6675; --refused: #d468aa; --unreachable: #ab7fd6; --simultaneous: #8ccaa0;
      }
    }
    @media screen {
      :root[data-theme=dark] {
        color-scheme: dark;
        --ground: #11151b; --card: #1a2029; --ink: #e3e8ee; --quiet: #9ba7b6; --edge: #2e3844;
        --accent: #82b1ff; --problem: #ff8d84; --caution: #f0bb55;
        --established: #4fae73; --opening: #5b8cc8; --fin-wait-1: #d9a73c; --fin-wait-2: #de853f;
        --closing: #d77bac; --time-wait: #9a80e8; --close-wait: #ee6c62; --last-ack: #3fb0be;
        --closed: #5a6675; --refused: #d468aa; --unreachable: #ab7fd6; --simultaneous: #8ccaa0;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
      -webkit-text-size-adjust: 100%;
    }
    header, main, footer { max-width: 1280px; margin: 0 auto; padding: 0 20px; }
    header { display: flex; align-items: flex-start; gap: 16px; padding-top: 20px; }
    header > div { flex: 1; min-width: 0; }
    h1 { margin: 0; font-size: 24px; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { margin: 0 0 8px; font-size: 17px; }
    h3 { margin: 16px 0 4px; font-size: 15px; }
    p { margin: 0 0 8px; }
    .kicker, .quiet { color: var(--quiet); font-size: 13px; }
    .kicker { margin: 0; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    button, input, select {
      font: inherit; color: inherit; background: var(--card); border: 1px solid var(--edge);
      border-radius: 6px; padding: 4px 10px; min-height: 32px; max-width: 100%;
    }
    button { cursor: pointer; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
    section { margin: 20px 0; }
    .warnings {
      border: 1px solid var(--problem); border-radius: 8px; padding: 8px 16px;
      background: var(--card); overflow-wrap: anywhere;
    }
    .warnings ul { margin: 0; padding-left: 18px; }

    .cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(250px, 1fr)); }
    .card, .chart, .columns > section, #services, #state-times, #port-budget, #capture-findings {
      background: var(--card); border: 1px solid var(--edge); border-radius: 8px;
      padding: 12px 16px;
    }
    .card { border-left: 4px solid var(--edge); }
    .card.problem { border-left-color: var(--problem); }
    .card.caution { border-left-color: var(--caution); }
    .card.problem .figure { color: var(--problem); }
    .card.caution .figure { color: var(--caution); }
    .card p { margin: 0; overflow-wrap: anywhere; }
    .card .name { font-weight: 600; font-size: 13px; }
    .card .figure { font-size: 28px; line-height: 1.2; font-variant-numeric: tabular-nums; }

    .charts { display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
    .chart { margin: 0; position: relative; }
    .chart figcaption { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; }
    .chart svg { display: block; width: 100%; height: 120px; border-bottom: 1px solid var(--quiet); }
    .chart .top { margin: 6px 0 0; font-size: 12px; border-bottom: 1px dashed var(--edge);
      color: var(--quiet); line-height: 1.3; }
    .chart .axis { display: flex; justify-content: space-between; gap: 8px; margin: 4px 0 0;
      font-size: 12px; color: var(--quiet); }
    .chart .axis span:last-child { text-align: right; }
    .t-time-wait { fill: var(--time-wait); }
    .t-close-wait { fill: var(--close-wait); }
    .t-before { fill: var(--opening); }
    .chart.ports { margin: 8px 0; }
    .chart g.assumed { opacity: .45; }
    .chart g:hover rect { stroke: var(--ink); }
    .probe { fill: transparent; }
    .chart .probe:hover { fill: var(--ink); fill-opacity: .15; }

    table { border-collapse: collapse; width: 100%; }
    th, td { padding: 5px 8px; text-align: left; vertical-align: top; }
    thead th { font-size: 12px; color: var(--quiet); font-weight: 600; vertical-align: bottom; }
    thead small { display: block; font-weight: 400; }
    tbody tr { border-top: 1px solid var(--edge); }
    tbody th { font-weight: 500; overflow-wrap: break-word; }
    .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .zero { color: var(--quiet); }
    .outcomes { min-width: 220px; width: 45%; }
    .outcomes small { color: var(--quiet); }
    .bar { display: block; width: 100%; height: 12px; border-radius: 3px; margin-top: 5px; }
    .bar .empty { fill: var(--edge); }
    .bar .held { fill: var(--accent); }
    details { border-top: 1px solid var(--edge); padding: 6px 0; }
    summary { cursor: pointer; font-weight: 500; overflow-wrap: anywhere; }
    details > dl, details > table { margin-top: 6px; }
    #port-budget > dl { margin-bottom: 10px; }
    .forecast { white-space: nowrap; }
    td.problem > span:first-child { color: var(--problem); font-weight: 600; }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 14px; list-style: none; margin: 0 0 6px;
      padding: 0; font-size: 13px; color: var(--quiet); }
    .legend svg { width: 10px; height: 10px; margin-right: 5px; }
    .columns { display: grid; gap: 12px; align-items: start;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); }
    .columns > section { margin: 0; overflow-x: auto; }
    .o-orderly { --colour: var(--established); }
    .o-simultaneous { --colour: var(--simultaneous); }
    .o-reset { --colour: var(--close-wait); }
    .o-refused { --colour: var(--refused); }
    .o-unreachable { --colour: var(--unreachable); }
    .o-unanswered { --colour: var(--fin-wait-1); }
    .o-closing { --colour: var(--fin-wait-2); }
    .o-open { --colour: var(--opening); }
    .o-partial { --colour: var(--closed); }
    rect[class^=o-] { fill: var(--colour); }

    .grade { display: inline-block; font-size: 11px; line-height: 1.35; padding: 0 5px;
      border: 1px solid var(--quiet); border-radius: 8px; color: var(--quiet);
      white-space: nowrap; }
    .grade.observed { border-color: var(--established); }
    .grade.inferred { border-style: dashed; border-color: var(--accent); }
    .grade.assumed { border-style: dotted; border-color: var(--caution); }
    .grade.unknown { border-style: double; border-width: 3px; }
    dl.told { display: grid; grid-template-columns: max-content 1fr; gap: 6px 14px; margin: 0; }
    dl.told dt { color: var(--quiet); }
    dl.told dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
    .advice { margin: 2px 0 0; color: var(--quiet); }
    dt.problem, dd.problem > span:first-child { color: var(--problem); }
    dt.caution, dd.caution > span:first-child { color: var(--caution); }
    footer { padding-bottom: 32px; }
    footer h2 { font-size: 14px; }
    footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px;
      font-size: 13px; color: var(--quiet); margin: 0 0 10px; }
    footer dd { margin: 0; }

    """##
}
