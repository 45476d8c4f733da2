// Numbers, sizes and times as people say them.
import { locale } from './words.js';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];

// The unit a size reads well in; sizes on one axis share it.
export function unitOf(bytes) {
  let power = 0;
  let rest = Math.abs(bytes);
  while (rest >= 1024 && power < UNITS.length - 1) {
    rest /= 1024;
    power++;
  }
  return { name: UNITS[power], bytes: 1024 ** power };
}

export function size(bytes) {
  if (bytes === null || bytes === undefined) {
    return '–';
  }
  const unit = unitOf(bytes);
  const value = bytes / unit.bytes;
  const digits = unit.bytes === 1 || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${number(value, digits)} ${unit.name}`;
}

export function sizeChange(bytes) {
  if (bytes === null || bytes === undefined) {
    return '–';
  }
  return bytes === 0 ? '±0' : (bytes > 0 ? '+' : '−') + size(Math.abs(bytes));
}

export function number(value, digits = 0) {
  if (value === null || value === undefined) {
    return '–';
  }
  return value.toLocaleString(locale(), { maximumFractionDigits: digits });
}

export function percent(value, digits = 1) {
  if (value === null || value === undefined) {
    return '–';
  }
  return (value / 100).toLocaleString(locale(), {
    style: 'percent',
    maximumFractionDigits: digits,
    signDisplay: 'exceptZero',
  });
}

export function share(part, whole) {
  return (part / whole).toLocaleString(locale(), { style: 'percent', maximumFractionDigits: 0 });
}

export function moment(at) {
  return at ? new Date(at).toLocaleString(locale(), { dateStyle: 'medium', timeStyle: 'short' }) : '–';
}

// To the second and with its zone, for tooltips.
export function exactMoment(at) {
  return at ? new Date(at).toLocaleString(locale(), { dateStyle: 'full', timeStyle: 'long' }) : '';
}

export function day(at) {
  return new Date(at).toLocaleDateString(locale(), { dateStyle: 'medium' });
}

const STEPS = [
  ['year', 31557600],
  ['month', 2629800],
  ['week', 604800],
  ['day', 86400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

export function ago(at, now = Date.now()) {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, length] = STEPS.find(([, length]) => Math.abs(seconds) >= length) || ['second', 1];
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  return format.format(Math.trunc(seconds / length), unit);
}

export function duration(from, to) {
  const ms = new Date(to) - new Date(from);
  const say = (value, unit, digits) =>
    value.toLocaleString(locale(), { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: digits });
  if (ms < 1000) {
    return say(Math.max(ms, 0), 'millisecond', 0);
  }
  if (ms < 60000) {
    return say(ms / 1000, 'second', 1);
  }
  return ms < 3600000
    ? `${say(Math.floor(ms / 60000), 'minute', 0)} ${say(Math.round((ms % 60000) / 1000), 'second', 0)}`
    : `${say(Math.floor(ms / 3600000), 'hour', 0)} ${say(Math.round((ms % 3600000) / 60000), 'minute', 0)}`;
}
