// Small signs that appear everywhere.
import { html } from '../markup.js';
import { ago, exactMoment, moment } from '../language/format.js';
import { t } from '../language/words.js';

export function Badge({ kind = 'plain', children }) {
  return html`<span class=${`badge ${kind}`}>${children}</span>`;
}

const ENGINE_NAMES = { mysql: 'MySQL', postgresql: 'PostgreSQL' };

export function engineName(engine) {
  return ENGINE_NAMES[engine] || engine;
}

export function Engine({ engine }) {
  return html`<span class=${`engine ${engine}`}>${engineName(engine)}</span>`;
}

const HEALTH_KINDS = { ok: 'good', failing: 'bad', unknown: 'plain' };

export function Health({ health }) {
  const status = health?.status || 'unknown';
  return html`<span class=${`health ${HEALTH_KINDS[status]}`} title=${health?.failure?.message || undefined}>
    ${t(`health.${status}`)}
  </span>`;
}

const STATUS_KINDS = {
  queued: 'plain',
  running: 'busy',
  succeeded: 'good',
  completed_with_errors: 'warn',
  held: 'warn',
  failed: 'bad',
  expired: 'bad',
  applied: 'good',
  pending: 'plain',
  skipped: 'plain',
  rejected: 'plain',
  superseded: 'plain',
};

export function Status({ status }) {
  return html`<${Badge} kind=${STATUS_KINDS[status] || 'plain'}>${t(`status.${status}`)}<//>`;
}

// How long ago, with the exact moment on hover.
export function Ago({ at, never = '–' }) {
  return at ? html`<time datetime=${at} title=${exactMoment(at)}>${ago(at)}</time>` : html`<span class="faint">${never}</span>`;
}

export function Moment({ at }) {
  return at ? html`<time datetime=${at} title=${exactMoment(at)}>${moment(at)}</time>` : html`<span class="faint">–</span>`;
}

export function Tags({ tags }) {
  const entries = Object.entries(tags || {});
  return (
    entries.length > 0 &&
    html`<ul class="tags" aria-label=${t('instance.tags')}>
      ${entries.map(([key, value]) => html`<li><span class="faint">${key}</span>${value && ` ${value}`}</li>`)}
    </ul>`
  );
}

export function Empty({ title, children }) {
  return html`<div class="empty"><p class="empty-title">${title}</p>${children}</div>`;
}

export function Loading() {
  return html`<div class="loading" role="status"><span class="unseen">${t('loading')}</span></div>`;
}

// Buttons of which one is pressed.
export function Choice({ label, value, options, onChange }) {
  return html`<div class="choice" role="group" aria-label=${label}>
    ${options.map(
      ([key, words]) =>
        html`<button type="button" aria-pressed=${key === value} onClick=${() => onChange(key)}>${words}</button>`,
    )}
  </div>`;
}
