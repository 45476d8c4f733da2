import { html } from '../markup.js';
import { t } from '../language/words.js';
import { duration, number } from '../language/format.js';
import { Moment, Status } from '../parts/small.js';
import { Table } from '../parts/table.js';

export function RunsTable({ runs }) {
  const columns = [
    { key: 'when', title: t('runs.when'), cell: (one) => html`<a class="row-name" href=${`/runs/${one.id}`}><${Moment} at=${one.started_at} /></a>` },
    { key: 'job', title: t('runs.job'), cell: (one) => t(`job.${one.job}`) },
    { key: 'status', lead: true, title: t('operation.status'), cell: (one) => html`<${Status} status=${one.status} />` },
    { key: 'trigger', title: t('runs.trigger'), cell: (one) => (one.trigger === 'manual' ? one.requested_by : t('runs.by-schedule')) },
    { key: 'instances', title: t('runs.instances'), cell: (one) => countWords(one) },
    { key: 'took', title: t('operation.took'), number: true, cell: (one) => (one.finished_at ? duration(one.started_at, one.finished_at) : '–') },
  ];
  return html`<${Table} caption=${t('runs.title')} columns=${columns} rows=${runs} rowKey=${(one) => one.id} />`;
}

// How many of how many are done, and how many of those are not well.
export function countWords({ counts }) {
  const { total, failed } = counts;
  const done = total - counts.pending - counts.running;
  const words = done === total ? number(total) : t('runs.done-of', { done, total });
  return failed > 0 ? `${words}, ${t('runs.failed', { count: failed })}` : words;
}
