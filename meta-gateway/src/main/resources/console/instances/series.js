// The API's series in the shape the chart draws: seconds and bytes, with the change from point to point.

export function seriesOf(answer, asked) {
  const points = answer.points.map((point) => ({
    at: point.at,
    seconds: new Date(point.at).getTime() / 1000,
    bytes: point.size_bytes,
    databases: point.database_count,
    estimate: point.estimate,
    change: point.change_bytes,
    changePercent: point.change_percent,
  }));
  if (answer.interval === 'sample') {
    points.slice(1).forEach((point, i) => compare(point, points[i]));
  }
  return { ...asked, points, forecast: answer.forecast };
}

// Periods come compared with the one right before; a sample is compared with the sample before it.
function compare(point, before) {
  point.change = point.bytes - before.bytes;
  point.changePercent = before.bytes > 0 ? (100 * point.change) / before.bytes : null;
}

const AHEAD_SHARE = 0.3;

// The dashed line: from the last measurement along the trend, at most a third of the shown time ahead, and no
// further than the limit.
export function forecastLine({ points, forecast }) {
  const perDay = forecast?.trend_bytes_per_day;
  if (!perDay || points.length < 2) {
    return null;
  }
  const last = points.at(-1);
  const shown = last.seconds - points[0].seconds;
  const untilLimit = forecast.days_until_limit == null ? Infinity : forecast.days_until_limit * 86400;
  const ahead = Math.min(shown * AHEAD_SHARE, untilLimit);
  if (!(ahead > 0)) {
    return null;
  }
  return { seconds: last.seconds + ahead, bytes: Math.max(0, last.bytes + (perDay * ahead) / 86400) };
}

// The limit is drawn where it does not press the curve flat.
export function drawnLimit({ points, forecast }) {
  const limit = forecast?.capacity_bytes;
  const most = Math.max(...points.map((point) => point.bytes));
  return limit && limit <= most * 2.5 ? limit : null;
}
