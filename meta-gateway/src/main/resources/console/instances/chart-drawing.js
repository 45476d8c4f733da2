// Draws the size chart with uPlot, which is loaded when the first chart is shown.
import { size, sizeChange } from '../language/format.js';
import { aroundZero, bytesSplits, changeSplits, timeLabels, timeRange, yRange } from './chart-axes.js';
import { coloursOf } from './chart-colours.js';
import { drawnLimit, forecastLine } from './series.js';

const HEIGHT = 260;
const CHANGES_HEIGHT = 92;
const AXIS_WIDTH = 74;
const MOST_POINTS_WITH_DOTS = 40;

const styleSheet = new URL('../vendor/uplot-1.6.32/uPlot.min.css', import.meta.url);

async function library() {
  if (!document.querySelector('link[data-uplot]')) {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: styleSheet });
    link.dataset.uplot = '';
    document.head.append(link);
  }
  return (await import('../vendor/uplot-1.6.32/uPlot.esm.js')).default;
}

export async function drawChart(frame, series, onPoint) {
  const UPlot = await library();
  frame.replaceChildren();
  const colours = coloursOf(frame);
  const width = frame.clientWidth;
  const sync = UPlot.sync(`sizes-${Math.random()}`);
  const cursor = { sync: { key: sync.key }, y: false, drag: { x: false, y: false } };
  const hooks = { setCursor: [(u) => onPoint(pointAt(u, series))], draw: [(u) => nameLimit(u, series, colours)] };
  const data = dataOf(series);
  const shared = { series, colours, cursor, width, times: data[0] };
  const charts = [new UPlot(sizeOptions(UPlot, { ...shared, hooks }), data, frame)];
  if (series.points.length > 2) {
    charts.push(new UPlot(changeOptions(UPlot, shared), changesOf(series, data[0]), frame));
  }
  const observer = new ResizeObserver(() => {
    for (const chart of charts) {
      if (frame.clientWidth > 0 && chart.width !== frame.clientWidth) {
        chart.setSize({ width: frame.clientWidth, height: chart.height });
      }
    }
  });
  observer.observe(frame);
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const recolour = () => {
    Object.assign(colours, coloursOf(frame));
    charts.forEach((chart) => chart.redraw(false, true));
  };
  scheme.addEventListener('change', recolour);
  return {
    point: (index) => charts.forEach((chart) => chart.setCursor({ left: chart.valToPos(data[0][index], 'x'), top: 0 })),
    destroy: () => {
      observer.disconnect();
      scheme.removeEventListener('change', recolour);
      charts.forEach((chart) => chart.destroy());
    },
  };
}

// One list of times for all lines: the measurements, then the end of the forecast if there is one.
function dataOf(series) {
  const { points } = series;
  const ahead = forecastLine(series);
  const limit = drawnLimit(series);
  const times = points.map((point) => point.seconds);
  const sizes = points.map((point) => point.bytes);
  const forecast = points.map(() => null);
  if (ahead) {
    times.push(ahead.seconds);
    sizes.push(null);
    forecast[forecast.length - 1] = points.at(-1).bytes;
    forecast.push(ahead.bytes);
  }
  return [times, sizes, forecast, times.map(() => limit)];
}

// The limit's line carries its size.
function nameLimit(chart, series, colours) {
  const limit = drawnLimit(series);
  if (limit) {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.font = colours.font.replace('12px', `${12 * devicePixelRatio}px`);
    ctx.fillStyle = colours.limit;
    ctx.textAlign = 'right';
    ctx.fillText(size(limit), bbox.left + bbox.width, chart.valToPos(limit, 'y', true) + 15 * devicePixelRatio);
    ctx.restore();
  }
}

function changesOf({ points }, times) {
  return [times, times.map((_, i) => points[i]?.change ?? null)];
}

function pointAt(chart, { points }) {
  const index = chart.cursor.idx;
  return index === null || index === undefined ? null : Math.min(index, points.length - 1);
}

function sizeOptions(UPlot, { series, colours, cursor, width, times, hooks }) {
  const fill = (chart) => {
    const gradient = chart.ctx.createLinearGradient(0, chart.bbox.top, 0, chart.bbox.top + chart.bbox.height);
    gradient.addColorStop(0, colours.fill);
    gradient.addColorStop(1, colours.fillEnd);
    return gradient;
  };
  return {
    width,
    height: HEIGHT,
    cursor,
    hooks,
    legend: { show: false },
    padding: [12, 12, 0, 0],
    scales: { x: { time: true, range: () => timeRange(times) }, y: { range: (_, min, max) => yRange(min, max) } },
    axes: [timeAxis(colours), sizeAxis(colours, size)],
    series: [
      {},
      {
        stroke: () => colours.line,
        width: 2,
        fill,
        points: { show: series.points.length <= MOST_POINTS_WITH_DOTS, size: 5, fill: () => colours.line },
      },
      { stroke: () => colours.line, width: 2, dash: [6, 5], points: { show: false } },
      { stroke: () => colours.limit, width: 1.5, dash: [2, 4], points: { show: false } },
    ],
  };
}

function changeOptions(UPlot, { colours, cursor, width }) {
  const paths = UPlot.paths.bars({ size: [0.7, 18], align: 0 });
  return {
    width,
    height: CHANGES_HEIGHT,
    cursor: { ...cursor, points: { show: false } },
    legend: { show: false },
    padding: [8, 12, 9, 0],
    scales: { x: { time: true }, y: { range: (_, min, max) => aroundZero(min, max) } },
    axes: [
      { ...timeAxis(colours), show: false },
      { ...sizeAxis(colours, sizeChange), splits: (_, __, min, max) => changeSplits(min, max) },
    ],
    series: [{}, { stroke: () => colours.bar, fill: () => colours.bar, width: 0, paths, points: { show: false } }],
  };
}

function timeAxis(colours) {
  return {
    stroke: () => colours.text,
    font: colours.font,
    size: 42,
    space: 74,
    grid: { show: false },
    ticks: { stroke: () => colours.grid, size: 4, width: 1 },
    values: (chart, times) => timeLabels(times),
  };
}

function sizeAxis(colours, words) {
  return {
    stroke: () => colours.text,
    font: colours.font,
    size: AXIS_WIDTH,
    gap: 8,
    grid: { stroke: () => colours.grid, width: 1 },
    ticks: { show: false },
    splits: (_, __, min, max) => bytesSplits(min, max),
    values: (_, values) => values.map(words),
  };
}
