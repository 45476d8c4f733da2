// Messages in place: what happened, and what to do next.
import { html } from '../markup.js';
import { t, tCode } from '../language/words.js';
import { fieldMessage } from './field.js';
import { Icon } from './icon.js';

export function Notice({ kind = 'info', title, children, actions }) {
  return html`<div class=${`notice ${kind}`} role=${kind === 'bad' ? 'alert' : undefined}>
    <${Icon} name=${kind === 'good' ? 'check' : 'alert'} />
    <div class="notice-text">
      ${title && html`<strong>${title}</strong>`}
      <div>${children}</div>
    </div>
    ${actions && html`<div class="notice-actions">${actions}</div>`}
  </div>`;
}

// A Problem of the API in the reader's words, with what the server said below: of fields, a line for each.
export function ProblemNotice({ problem, retry }) {
  const errors = problem.errors ?? [];
  const { what, next } = explain(problem);
  const actions = retry && html`<button type="button" onClick=${retry}>${t('problem.retry')}</button>`;
  return html`<${Notice} kind="bad" title=${what} actions=${actions}>
    ${next}
    ${errors.length === 0 && problem.detail && html`<div class="said">${problem.detail}</div>`}
    ${errors.length > 0 &&
    html`<ul class="said">
      ${errors.map((error) => html`<li>${error.field}: ${fieldMessage(error)}</li>`)}
    </ul>`}
  <//>`;
}

export function explain(problem) {
  const known = [0, 400, 403, 404, 409, 412, 413, 422, 429, 503].includes(problem.status);
  const key = known ? String(problem.status) : problem.status >= 500 ? '500' : '400';
  if (problem.status === undefined) {
    throw problem; // a defect of the console, not an answer
  }
  return {
    what: t(`problem.${key}.what`),
    next: t(`problem.${key}.next`, { seconds: problem.retryAfter ?? '' }),
  };
}

// Why work on an instance or a database failed.
export function FailureText({ failure }) {
  return html`<span class="failure"
    >${tCode('failure', failure.code)}${failure.message && html`<span class="said">${failure.message}</span>`}</span
  >`;
}
