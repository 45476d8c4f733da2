// A table that becomes a list of cards on a narrow screen. The roles stay when CSS takes the table layout away.
import { classes, html } from '../markup.js';
import { t } from '../language/words.js';

// Columns: {key, title, cell(row), number?, wide?, lead?, sort?}. `sort` names the order that a click on the heading
// asks for; a `lead` cell stands beside the row's name on a card.
export function Table({ caption, columns, rows, rowKey, rowClass, sorted, onSort }) {
  return html`<div class="table-frame" role="region" aria-label=${caption} tabindex="0">
    <table role="table">
      <caption class="unseen">
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<${Heading} ...${{ column, sorted, onSort }} />`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (row) =>
            html`<tr key=${rowKey(row)} role="row" class=${rowClass?.(row)}>
              ${columns.map((column, i) => html`<${Cell} ...${{ column, row, first: i === 0 }} />`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function Heading({ column, sorted, onSort }) {
  const side = column.number ? 'number' : undefined;
  if (!column.sort) {
    return html`<th role="columnheader" scope="col" class=${side}>${column.title}</th>`;
  }
  const direction = sorted !== column.sort ? undefined : column.sort.startsWith('-') ? 'descending' : 'ascending';
  return html`<th role="columnheader" scope="col" class=${side} aria-sort=${direction}>
    <button type="button" class="sort" onClick=${() => onSort(column.sort)}>
      ${column.title}<span class=${`arrow ${column.sort.startsWith('-') ? 'descending' : 'ascending'} ${direction ? 'here' : ''}`} aria-hidden="true"></span>
    </button>
  </th>`;
}

function Cell({ column, row, first }) {
  const kind = classes(column.number && 'number', column.wide && 'wide', column.lead && 'lead-cell') || undefined;
  return first
    ? html`<th role="rowheader" scope="row" class=${kind}>${column.cell(row)}</th>`
    : html`<td role="cell" class=${kind} data-label=${column.title}>${column.cell(row)}</td>`;
}

export function MoreButton({ list }) {
  return (
    list.data?.more &&
    html`<div class="more"><button type="button" aria-disabled=${list.loading} onClick=${list.showMore}>${t('more')}</button></div>`
  );
}
