// The result of an operation: the sentence, and below it the databases that failed, each with its reason.
import { html } from '../markup.js';
import { t } from '../language/words.js';
import { duration } from '../language/format.js';
import { FailureText, Notice } from '../parts/notice.js';
import { outcomeWords } from './outcome-words.js';

const KINDS = { succeeded: 'good', completed_with_errors: 'warn', held: 'warn', failed: 'bad', expired: 'bad' };

export function Outcome({ operation }) {
  const took = operation.finished_at && duration(operation.started_at || operation.created_at, operation.finished_at);
  return html`<${Notice} kind=${KINDS[operation.status]} title=${t(`kind.${operation.kind}`)}>
    ${outcomeWords(operation)}${took && html`<span class="faint"> ${took}</span>`}
    <${OutcomeDetails} operation=${operation} />
  <//>`;
}

export function OutcomeDetails({ operation }) {
  const failures = operation.result?.failures || [];
  const omitted = operation.result?.failures_omitted ?? 0;
  const failure = operation.failure;
  const server = operation.kind === 'test_connection' && operation.result?.server;
  return html`
    ${operation.result?.warning && html`<div class="said">${operation.result.warning}</div>`}
    ${server && html`<div class="said">${server.product} ${server.version}, ${t('outcome.latency', { ms: operation.result.latency_millis ?? 0 })}</div>`}
    ${(operation.result?.advice || []).map((advice) => html`<div class="said">${advice}</div>`)}
    ${operation.result?.estimate && html`<div>${t('outcome.estimate')} <span class="said">${operation.result.estimate_reason}</span></div>`}
    ${failure?.message && html`<div class="said">${failure.message}</div>`}
    ${failure?.retryable && html`<div>${t('outcome.retryable')}</div>`}
    ${failures.length > 0 &&
    html`<details>
      <summary>${t('outcome.failures', { count: failures.length + omitted })}</summary>
      <ul class="failures">
        ${failures.map((one) => html`<li><strong>${one.database}</strong> <${FailureText} failure=${one} /></li>`)}
      </ul>
      ${omitted > 0 && t('held.more', { count: omitted })}
    </details>`}
  `;
}
