// Where the axes have their lines and what stands beside them.
import { locale } from '../language/words.js';
import { unitOf } from '../language/format.js';

const MOST_LINES = 5;
const DAY = 86400;

// Round numbers of the unit the largest value reads well in: 0, 2, 4 GiB rather than 0, 2.15, 4.29. Sizes are told in
// three digits, so lines that differ in the fourth would have the same words beside them.
export function bytesSplits(min, max) {
  const unit = unitOf(Math.max(Math.abs(max), Math.abs(min))).bytes;
  const rough = (max - min) / unit / MOST_LINES;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * magnitude >= rough);
  const least = 10 ** (Math.floor(Math.log10(Math.max(Math.abs(max), Math.abs(min)) / unit)) - 2);
  const step = Math.max(factor * magnitude * unit, least * unit, 1);
  const splits = [];
  for (let at = Math.ceil(min / step) * step; at <= max; at += step) {
    splits.push(at);
  }
  return splits;
}

// Days where days pass between two labels, else the time of day, with the date where it changes.
export function timeLabels(times) {
  const gap = times.length > 1 ? times[1] - times[0] : DAY;
  const format = (options) => new Intl.DateTimeFormat(locale(), options);
  const date = gap >= 300 * DAY ? format({ year: 'numeric' }) : gap >= 28 * DAY ? format({ year: 'numeric', month: 'short' }) : format({ month: 'short', day: 'numeric' });
  const clock = format({ hour: '2-digit', minute: '2-digit', ...(gap < 60 && { second: '2-digit' }) });
  let before = null;
  return times.map((seconds) => {
    const at = new Date(seconds * 1000);
    if (gap >= DAY) {
      return date.format(at);
    }
    const today = date.format(at);
    const label = today === before ? clock.format(at) : `${clock.format(at)}\n${today}`;
    before = today;
    return label;
  });
}

// A single measurement stands in the middle of its hour; left to itself the library draws three years behind it.
export function timeRange(times) {
  const min = times[0];
  const max = times.at(-1);
  return min === max ? [min - 1800, max + 1800] : [min, max];
}

// A curve that moves by a fifth or more stands on zero, as an area should; a flatter one is looked at closely.
export function yRange(min, max) {
  if (min === null) {
    return [0, 1];
  }
  if (max - min >= 0.2 * max) {
    return [0, max * 1.06 || 1];
  }
  const margin = Math.max((max - min) * 0.25, max * 0.005, 1);
  return [Math.max(0, min - margin), max + margin];
}

export function aroundZero(min, max) {
  const low = Math.min(0, min ?? 0);
  const high = Math.max(0, max ?? 0);
  return low === high ? [-1, 1] : [low, high];
}

// Zero and the extremes, as far as their words do not run into each other.
export function changeSplits(min, max) {
  const room = (max - min) * 0.3;
  return [...(-min > room ? [min] : []), 0, ...(max > room ? [max] : [])];
}
