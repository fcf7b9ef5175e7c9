extension HTMLScript {
  /// The drawing of a ladder.
  static let ladderParts: StaticString = ##"""

    let drawings = 0;

    function ladder(flow, width) {
      const wide = width >= 620;
      const lines = wide
        ? {client: 200, server: width - 130, time: 4} : {client: 16, server: width - 16};
      const spans = ['client', 'server'].flatMap(side => stateSpans(flow, side));
      // Nothing comes after CLOSED: where the capture goes on, so does the line.
      const last = Math.max(...spans.map(span => span.end));
      for (const span of spans) {
        if (span.state === 'CLOSED' && span.leftAt === null &&
          flow.record.written !== 'capture-end') span.end = last;
      }
      const scale = timeScale(flow, spans, wide ? 34 : 50, wide ? 96 : 120, 52);
      const height = scale.bottom + 36;
      const id = `ladder-${drawings += 1}`;
      const {client, server} = flow.record;
      const middle = (lines.client + lines.server) / 2;
      const head = (x, name, end, anchor) => svg('g', {class: 'head', 'text-anchor': anchor},
        svg('text', {x, y: 14, class: 'strong'}, name), svg('text', {x, y: 30}, end));
      const drawing = svg('svg',
        {viewBox: `0 0 ${width} ${height}`, width, height, role: 'group',
          'aria-labelledby': `${id}-title ${id}-desc`},
        svg('title', {id: `${id}-title`}, `Ladder of stream ${flow.record.stream}`),
        svg('desc', {id: `${id}-desc`},
          `${flow.rows.filter(row => row.frame).length} telling segments between client ` +
          `${endpoint(client)} and server ${endpoint(server)}; ${flow.told[0].text}.`),
        svg('defs', {}, svg('pattern',
          {id: `${id}-hatch`, width: 6, height: 6, patternUnits: 'userSpaceOnUse',
            patternTransform: 'rotate(45)'},
          svg('rect', {width: 6, height: 6, class: 'hatch-ground'}),
          svg('rect', {width: 3, height: 6, class: 'hatch-line'}))),
        head(wide ? lines.client + 6 : 4, 'client', endpoint(client), wide ? 'middle' : 'start'),
        head(wide ? lines.server : width - 4, 'server', endpoint(server), wide ? 'middle' : 'end'));
      drawing.append(...captureEnd(flow, scale, lines, middle, wide));
      for (const side of ['client', 'server']) {
        drawing.append(...lifeline(spans.filter(span => span.side === side), scale, lines, wide, id));
      }
      for (const pause of scale.breaks) drawing.append(breakMark(pause, lines, middle));
      for (const knot of scale.knots) {
        if (knot.row) drawing.append(rung(flow, knot, lines, middle, wide));
      }
      return drawing;
    }

    function spanTitle(span) {
      const proof = [span.grade, span.rule, framesText(span.frames), bounds(span)]
        .filter(Boolean).join(', ');
      const wait = span.wait
        ? `; ends by ${span.wait.endedBy} (${span.wait.endGrade}: ${span.wait.profile}, ` +
          `${duration(span.wait.duration)})` : '';
      return `${span.side} ${span.state} from ${clockTime(span.enteredAt)} s, ` +
        `${span.leftAt === null && !span.wait ? 'to the end' :
          duration(span.end - span.enteredAt)} (${proof})${wait}`;
    }

    function lifeline(spans, scale, lines, wide, id) {
      let free = 0;
      return spans.map(span => {
        const x = lines[span.side];
        const [top, end] = [scale.placeOf(span.enteredAt), scale.placeOf(span.end)];
        const bottom = Math.max(end, top + 3);
        const title = spanTitle(span);
        const group = svg('g',
          {class: 'state', role: 'img', tabindex: 0, 'aria-label': title},
          svg('title', {}, title),
          svg('rect', {x: x - 6, y: top, width: 12, height: bottom - top, class: `s-${span.state}`}));
        if (span.assumed !== null) {
          const from = scale.placeOf(span.assumed);
          group.append(svg('rect', {x: x - 6, y: from, width: 12, height: Math.max(0, bottom - from),
            fill: `url(#${id}-hatch)`}));
        }
        // A state too short for its name is told by its title, and in the table.
        let y = Math.max(top + 11, free);
        if (!wide) {
          // Here names stand between the lifelines, and what an arrow says goes first.
          for (const knot of scale.knots) {
            if (knot.row && y > knot.y - 20 && y < knot.y + 13) y = knot.y + 13;
          }
        }
        if (y < bottom + 6 || span === spans.at(-1)) {
          const isClient = span.side === 'client';
          const outside = wide ? isClient : !isClient;
          group.append(svg('text', {
            class: 'name', y, x: outside ? x - 11 : x + 11,
            'text-anchor': outside ? 'end' : 'start'}, span.state));
          free = y + 13;
          if (span.assumed !== null) {
            group.append(svg('text', {
              class: 'end', y: bottom - 7, x: outside ? x - 11 : x + 11,
              'text-anchor': outside ? 'end' : 'start'},
              `${duration(span.wait.duration)}: assumed`));
          }
        }
        return group;
      });
    }

    function rung(flow, knot, lines, middle, wide) {
      const {row, y} = knot;
      if (row.kind === 'passage') {
        return svg('text', {class: 'passage', x: middle, y: y - 5, 'text-anchor': 'middle'},
          `… ${row.text}`);
      }
      const fromClient = row.side === 'client';
      const isError = row.kind === 'icmp';
      const step = fromClient ? 1 : -1;
      // An ICMP error goes back to the sender of what it quotes.
      const from = isError ? middle : lines[row.side] + 7 * step;
      const to = isError
        ? lines[row.side] + 7 * step : lines[fromClient ? 'server' : 'client'] - 7 * step;
      const away = to > from ? 1 : -1;
      const moves = ['client', 'server'].flatMap(side => flow.record.states[side]
        .filter(state => state.frames.includes(row.frame))
        .map(state => `${side} ${state.state} (${state.grade}, ${state.rule})`));
      const sender = isError ? 'ICMP error' : `${row.side} sends`;
      const title = `frame ${row.frame}, ${clockTime(row.at)} s: ${sender} ${row.letters} ` +
        `${row.text}${moves.length ? `; shows ${moves.join(', ')}` : ''}`;
      const kind = isError ? 'icmp' : row.letters.includes('R') ? 'rst'
        : row.letters.includes('F') ? 'fin' : row.letters.includes('S') ? 'syn' : 'ack';
      const label = wide
        ? `${row.letters}  ${row.text}` : `${row.letters} ${row.text}`;
      return svg('g', {class: `rung ${kind}`, role: 'img', tabindex: 0, 'aria-label': title},
        svg('title', {}, title),
        svg('rect', {class: 'probe', x: Math.min(from, to), y: y - 16,
          width: Math.abs(to - from), height: 22}),
        svg('line', {x1: from, y1: y, x2: to - 6 * away, y2: y}),
        svg('path', {d: `M${to} ${y}l${-9 * away} -4.5v9z`}),
        svg('text', {x: middle, y: y - 5, 'text-anchor': 'middle'}, clipped(label, lines, wide)),
        wide
          ? svg('text', {class: 'time', x: lines.time, y: y + 4},
            `${clockTime(row.at)}  #${row.frame}`)
          : svg('text', {class: 'time', x: middle, y: y + 13, 'text-anchor': 'middle'},
            `#${row.frame}  ${clockTime(row.at)}`));
    }

    // The whole of it stands in the title.
    function clipped(label, lines, wide) {
      const most = Math.floor((lines.server - lines.client - 24) / (wide ? 7.3 : 6.2));
      return label.length > most ? `${label.slice(0, most - 1)}…` : label;
    }

    function breakMark(pause, lines, middle) {
      const zigzag = x => svg('path',
        {class: 'break', d: `M${x - 12} ${pause.y + 3}l6 -6l6 6l6 -6l6 6`});
      return svg('g', {}, zigzag(lines.client), zigzag(lines.server),
        svg('text', {class: 'pause', x: middle, y: pause.y + 4, 'text-anchor': 'middle'},
          `${duration(pause.gap)} later`));
    }

    function captureEnd(flow, scale, lines, middle, wide) {
      if (flow.record.written !== 'capture-end') return [];
      const y = scale.placeOf(flow.until);
      const meetsSegment = scale.knots.some(knot => knot.row && Math.abs(knot.y - y) < 4);
      const line = svg('line',
        {class: 'capture-end', x1: lines.client, x2: lines.server, y1: y, y2: y});
      return [meetsSegment ? null : line,
        svg('text', {class: 'pause', x: middle, y: y + (meetsSegment && !wide ? 28 : 13),
          'text-anchor': 'middle'}, 'the capture ends')].filter(Boolean);
    }
    """##
}
