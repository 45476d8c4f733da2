// The estate as a map: each parcel is as large as what it stands for.
import { html, useEffect, useRef, useState } from '../markup.js';

const MOST_PARCELS = 60;
const ROOM_FOR_NAME = { width: 64, height: 30 };

// `plots` are {key, name, value, note, href, kind}. Everything in it is also in the table below, so it is hidden
// from screen readers and from the tab order.
export function Parcels({ plots, height = 150 }) {
  const frame = useRef();
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const shown = plots
    .filter((plot) => plot.value > 0)
    .sort((a, b) => b.value - a.value)
    .slice(0, MOST_PARCELS);
  const areas = width > 0 ? squarify(shown, { x: 0, y: 0, width, height }) : [];
  const largest = shown[0]?.value;
  return html`<div class="parcels" ref=${frame} style=${{ height: `${height}px` }} aria-hidden="true">
    ${areas.map((area) => html`<${Parcel} key=${area.plot.key} ...${area} largest=${largest} />`)}
  </div>`;
}

function Parcel({ plot, x, y, width, height, largest }) {
  const named = width >= ROOM_FOR_NAME.width && height >= ROOM_FOR_NAME.height;
  const depth = `${Math.round(10 + 22 * Math.sqrt(plot.value / largest))}%`;
  const place = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px`, '--depth': depth };
  return html`<a class=${`parcel ${plot.kind || ''}`} href=${plot.href} tabindex="-1" style=${place} title=${`${plot.name} · ${plot.note}`}>
    ${named && html`<span class="parcel-name">${plot.name}</span>`}
    ${named && height >= 46 && html`<span class="parcel-note">${plot.note}</span>`}
  </a>`;
}

// Squarified treemap (Bruls, Huizing, van Wijk 2000): rows along the shorter side, closed before they get thinner.
export function squarify(plots, { x, y, width, height }) {
  const sum = plots.reduce((total, plot) => total + plot.value, 0);
  const scale = (width * height) / sum;
  const areas = [];
  let rest = plots.map((plot) => ({ plot, area: plot.value * scale }));
  while (rest.length > 0) {
    const side = Math.min(width, height);
    let count = 1;
    while (count < rest.length && worst(rest.slice(0, count + 1), side) <= worst(rest.slice(0, count), side)) {
      count++;
    }
    const row = rest.slice(0, count);
    const thickness = row.reduce((total, one) => total + one.area, 0) / side;
    let along = 0;
    for (const { plot, area } of row) {
      const length = area / thickness;
      areas.push(
        width >= height
          ? { plot, x, y: y + along, width: thickness, height: length }
          : { plot, x: x + along, y, width: length, height: thickness },
      );
      along += length;
    }
    if (width >= height) {
      x += thickness;
      width -= thickness;
    } else {
      y += thickness;
      height -= thickness;
    }
    rest = rest.slice(count);
  }
  return areas;
}

function worst(row, side) {
  const sum = row.reduce((total, one) => total + one.area, 0);
  const areas = row.map((one) => one.area);
  const square = side * side;
  return Math.max((square * Math.max(...areas)) / (sum * sum), (sum * sum) / (square * Math.min(...areas)));
}
