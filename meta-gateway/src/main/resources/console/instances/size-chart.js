// The size over time as an area one looks at: read-out under the pointer or the arrow keys, the change of each
// period as bars below, and the trend ahead as a dashed line.
import { html, useEffect, useRef, useState } from '../markup.js';
import { currentLanguage, t } from '../language/words.js';
import { moment, number, percent, size, sizeChange } from '../language/format.js';
import { announce } from '../parts/announce.js';
import { Notice } from '../parts/notice.js';
import { drawChart } from './chart-drawing.js';

export function SizeChart({ series }) {
  const frame = useRef();
  const chart = useRef(null);
  const [index, setIndex] = useState(null);
  const [unloadable, setUnloadable] = useState(false);
  useEffect(() => {
    let gone = false;
    const drawing = drawChart(frame.current, series, (at) => setIndex(at));
    drawing.then(
      (drawn) => {
        if (gone) {
          drawn.destroy();
        } else {
          chart.current = drawn;
        }
      },
      () => setUnloadable(true),
    );
    return () => {
      gone = true;
      chart.current?.destroy();
      chart.current = null;
    };
  }, [series, currentLanguage()]);

  const last = series.points.length - 1;
  const shown = series.points[Math.min(index ?? last, last)];
  const onKey = (event) => {
    const moves = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (!(event.key in moves)) {
      return;
    }
    event.preventDefault();
    const next = Math.min(last, Math.max(0, (index ?? last) + moves[event.key]));
    setIndex(next);
    chart.current?.point(next);
    announce(readOut(series.points[next]));
  };
  return html`<div class="chart">
    <p class="read-out">
      <strong>${shown.estimate && '≈ '}${size(shown.bytes)}</strong>
      <span>${moment(shown.at)}</span>
      <span class=${shown.change < 0 ? 'shrunk' : 'grown'}>${sizeChange(shown.change)}${shown.changePercent != null && ` (${percent(shown.changePercent)})`}</span>
      ${shown.databases != null && html`<span class="faint">${t('count.databases', { count: shown.databases })}</span>`}
    </p>
    ${unloadable && html`<${Notice} kind="bad" title=${t('problem.0.what')}>${t('problem.0.next')}<//>`}
    <div class="chart-frame" ref=${frame} tabindex="0" role="img" aria-label=${describe(series)} onKeyDown=${onKey}></div>
  </div>`;
}

function readOut(point) {
  return `${moment(point.at)}: ${size(point.bytes)}, ${sizeChange(point.change)}`;
}

function describe({ points }) {
  const first = points[0];
  const last = points.at(-1);
  return t('sizes.describe', {
    count: points.length,
    from: moment(first.at),
    to: moment(last.at),
    first: size(first.bytes),
    last: size(last.bytes),
    number: number(points.length),
  });
}
