extension HTMLScript {
  /// What an opened flow shows: its verdict, its ladder's places in time, and its states.
  static let ladder: StaticString = ##"""

    function verdict(flow) {
      const list = html('dl', {class: 'told'});
      for (const claim of flow.told) {
        list.append(html('dt', {}, claim.label), html('dd', {class: claim.ink},
          html('span', {}, claim.text), ' ', grade(claim.grade, claim.frames),
          claim.advice ? html('p', {class: 'advice'}, `→ ${claim.advice}`) : null));
      }
      list.append(html('dt', {}, 'Wireshark'),
        html('dd', {}, html('code', {}, flow.displayFilter)));
      return list;
    }

    function bounds(state) {
      const [from, to] = [state.earliest, state.latest];
      if (from !== undefined && to !== undefined) return `${clockTime(from)} to ${clockTime(to)}`;
      if (from !== undefined) return `not before ${clockTime(from)}`;
      return to !== undefined ? `not after ${clockTime(to)}` : '';
    }

    function stateTable(flow) {
      const names = ['side', 'state', 'entered at', 'lasted', 'proof', 'rule', 'bounds'];
      const body = html('tbody');
      for (const side of ['client', 'server']) {
        for (const state of flow.record.states[side]) {
          const lasted = state.leftAt === null ? 'to the end' :
            duration(state.leftAt - state.enteredAt);
          const cells = [side, state.state, clockTime(state.enteredAt), lasted,
            grade(state.grade, state.frames), state.rule, bounds(state)];
          body.append(html('tr', {}, ...cells.map((cell, place) =>
            html('td', {'data-label': names[place]}, cell))));
        }
      }
      return html('table', {class: 'plain states'},
        html('caption', {}, 'States of either side, in seconds from the start'),
        html('thead', {}, html('tr', {}, ...names.map(name =>
          html('th', {scope: 'col'}, name)))), body);
    }

    function flowDetail(flow, room) {
      const width = Math.max(300, Math.min(820, (room || 820) - 24));
      return html('div', {class: 'opened'},
        verdict(flow),
        html('figure', {class: 'ladder'}, ladder(flow, width),
          html('figcaption', {class: 'quiet'},
            'Time runs downwards, in proportion where segments lie neither close together nor far ' +
            'apart; a zigzag stands for a longer pause. Colours are states; hatched is what is ' +
            'assumed.')),
        stateTable(flow));
    }

    // What nothing on the wire shows goes on after the last segment: TIME-WAIT until its end.
    function stateSpans(flow, side) {
      const wait = flow.record.timeWait.find(wait => wait.side === side);
      const lastSegment = Math.max(...flow.rows.map(row => row.at), 0);
      return flow.record.states[side].map(state => {
        const isWait = state.state === 'TIME-WAIT' && wait;
        const open = isWait && wait.endedBy === 'capture-end'
          ? state.enteredAt + wait.duration : Math.max(flow.until, state.enteredAt);
        const end = state.leftAt ?? open;
        const assumed = isWait && wait.endGrade === 'assumed'
          ? Math.max(state.enteredAt, Math.min(lastSegment, end)) : null;
        return {...state, side, end, assumed, wait: isWait ? wait : null};
      });
    }

    // Places in time, from above: segments at least `least` apart, pauses at most `most`.
    function timeScale(flow, spans, least, most, top) {
      const knots = flow.rows.map(row => ({at: row.at, row}));
      const near = at => knots.some(knot => Math.abs(knot.at - at) < 0.1);
      const last = Math.max(...flow.rows.map(row => row.at));
      const others = new Set();
      for (const span of spans) {
        for (const at of [span.enteredAt, span.end]) {
          if (at > last || !near(at)) others.add(at);
        }
      }
      others.add(Math.max(flow.until, last));
      for (const at of others) {
        if (knots.some(knot => knot.at === at)) continue;
        const place = knots.findIndex(knot => knot.at > at);
        knots.splice(place < 0 ? knots.length : place, 0, {at});
      }
      const gaps = knots.slice(1).map((knot, place) => knot.at - knots[place].at)
        .filter(gap => gap > 0).sort((a, b) => a - b);
      const scale = 1.4 * least / (gaps[Math.floor(gaps.length / 2)] || 1);
      const breaks = [];
      let y = top;
      knots.forEach((knot, place) => {
        if (place > 0) {
          const gap = knot.at - knots[place - 1].at;
          const room = knot.row || place === knots.length - 1 ? least : 0.7 * least;
          if (gap * scale > most) breaks.push({y: y + most / 2, gap});
          y += Math.max(room, Math.min(most, gap * scale));
        }
        knot.y = y;
      });
      const placeOf = at => {
        const next = knots.findIndex(knot => knot.at >= at);
        if (next < 0) return knots.at(-1).y;
        if (next === 0 || knots[next].at === at) return knots[next].y;
        const [from, to] = [knots[next - 1], knots[next]];
        return from.y + (to.y - from.y) * (at - from.at) / (to.at - from.at);
      };
      return {knots, breaks, placeOf, bottom: y};
    }

    """##
}
