// Operations as a table; of one instance, or of all with the instance's name.
import { html } from '../markup.js';
import { t } from '../language/words.js';
import { duration } from '../language/format.js';
import { Ago, Status } from '../parts/small.js';
import { Table } from '../parts/table.js';
import { OutcomeDetails } from './outcome.js';
import { outcomeWords } from './outcome-words.js';

export function isUnderWay(operation) {
  return operation.status === 'queued' || operation.status === 'running';
}

export function OperationsTable({ operations, nameOf }) {
  const columns = [
    { key: 'kind', title: t('operation.kind'), cell: (one) => t(`kind.${one.kind}`) },
    { key: 'status', lead: true, title: t('operation.status'), cell: (one) => html`<${Status} status=${one.status} />` },
    { key: 'outcome', title: t('operation.outcome'), wide: true, cell: (one) => html`<${Cell} operation=${one} />` },
    { key: 'by', title: t('operation.by'), cell: (one) => requester(one) },
    { key: 'when', title: t('operation.when'), cell: (one) => html`<${Ago} at=${one.created_at} />` },
    { key: 'took', title: t('operation.took'), number: true, cell: (one) => (one.finished_at ? duration(one.created_at, one.finished_at) : '–') },
  ];
  if (nameOf) {
    columns.splice(1, 0, {
      key: 'instance',
      title: t('operation.instance'),
      cell: (one) => html`<a href=${`/instances/${one.instance_id}`}>${nameOf(one.instance_id)}</a>`,
    });
  }
  return html`<${Table} caption=${t('operations.title')} columns=${columns} rows=${operations} rowKey=${(one) => one.id} />`;
}

function Cell({ operation }) {
  if (isUnderWay(operation)) {
    const { done, total } = operation.progress || {};
    return total > 0 ? t('sync.progress', { done, total }) : '–';
  }
  return html`${outcomeWords(operation)}<${OutcomeDetails} operation=${operation} />`;
}

function requester(operation) {
  return operation.run_id
    ? html`<a href=${`/runs/${operation.run_id}`}>${t('operation.scheduled')}</a>`
    : operation.requested_by;
}
