// The chart's figures for those who read rather than look.
import { html } from '../markup.js';
import { t } from '../language/words.js';
import { moment, number, percent, size, sizeChange } from '../language/format.js';
import { Table } from '../parts/table.js';

export function SeriesTable({ series }) {
  const columns = [
    { key: 'at', title: t('sizes.when'), cell: (one) => moment(one.at) },
    { key: 'size', title: t('sizes.size'), number: true, cell: (one) => (one.estimate ? '≈ ' : '') + size(one.bytes) },
    { key: 'change', title: t('sizes.change'), number: true, cell: (one) => sizeChange(one.change) },
    { key: 'percent', title: t('sizes.change-percent'), number: true, cell: (one) => percent(one.changePercent) },
  ];
  if (series.points.some((one) => one.databases != null)) {
    columns.push({ key: 'databases', title: t('instance.databases'), number: true, cell: (one) => number(one.databases) });
  }
  return html`<${Table} caption=${t('sizes.title')} columns=${columns} rows=${[...series.points].reverse()} rowKey=${(one) => one.seconds} />`;
}
