// Where the size is heading, in words.
import { html } from '../markup.js';
import { t, tCode } from '../language/words.js';
import { day, number, share, size, sizeChange } from '../language/format.js';

export function Forecast({ forecast, latest }) {
  if (!forecast) {
    return null;
  }
  const { trend_bytes_per_day: perDay, days_until_limit: days, capacity_bytes: capacity } = forecast;
  const soon = days !== null && days !== undefined && days < 30;
  return html`<dl class="figures compact">
    <div><dt>${t('forecast.trend')}</dt>
      <dd>${perDay == null ? t('forecast.unknown') : t('forecast.per-day', { change: sizeChange(perDay) })}</dd></div>
    ${capacity &&
    html`<div><dt>${t('forecast.used')}</dt><dd>${t('forecast.of', { share: share(latest.bytes, capacity), size: size(capacity) })}</dd></div>`}
    ${days != null &&
    html`<div class=${soon ? 'bad' : ''}><dt>${t('forecast.full')}</dt>
      <dd>${t('forecast.days', { count: Math.max(0, Math.floor(days)), shown: number(days, days < 10 ? 1 : 0) })}
        ${forecast.limit_reached_at && html`<span class="faint"> ${day(forecast.limit_reached_at)}</span>`}</dd></div>`}
    ${days == null && forecast.reason && html`<div><dt>${t('forecast.full')}</dt><dd class="words" title=${forecast.explanation}>${tCode('forecast.reason', forecast.reason)}</dd></div>`}
  </dl>`;
}
