// How the instance or one of its databases grows: the chart, its range and interval, and where it is heading.
import { html, useState } from '../markup.js';
import { get } from '../api.js';
import { useLoad } from '../loading.js';
import { t } from '../language/words.js';
import { Choice, Empty, Loading } from '../parts/small.js';
import { ProblemNotice } from '../parts/notice.js';
import { Icon } from '../parts/icon.js';
import { seriesOf } from './series.js';
import { SizeChart } from './size-chart.js';
import { Forecast } from './forecast.js';
import { SeriesTable } from './series-table.js';

const DAY_MS = 86400 * 1000;
const RANGES = { '1d': 1, '7d': 7, '30d': 30, '90d': 90, '1y': 365, all: 1999 }; // the API shows 2000 days at most
const INTERVALS = ['sample', 'daily', 'weekly', 'monthly'];

export function Sizes({ instance, database, generation, onDatabase }) {
  const [range, setRange] = useState('30d');
  const [interval, setInterval] = useState('sample');
  const [asTable, setAsTable] = useState(false);
  const path = database ? `databases/${encodeURIComponent(database)}/sizes` : 'sizes';
  const answer = useLoad(async () => {
    const from = new Date(Date.now() - RANGES[range] * DAY_MS).toISOString();
    return seriesOf(await get(`/instances/${instance.id}/${path}`, { from, interval }), { range, interval });
  }, [instance.id, path, range, interval, generation, instance.last_size_sync_at]);
  const series = answer.data;
  return html`<section aria-labelledby="sizes" class="sizes">
    <div class="section-head">
      <h2 id="sizes">${database ? t('sizes.of', { name: database }) : t('sizes.title')}</h2>
      ${database &&
      html`<button type="button" class="quiet" onClick=${() => onDatabase('')}><${Icon} name="close" />${t('sizes.whole')}</button>`}
    </div>
    <div class="filters">
      <${Choice} label=${t('sizes.range')} value=${range} onChange=${setRange}
        options=${Object.keys(RANGES).map((one) => [one, t(`range.${one}`)])} />
      <${Choice} label=${t('sizes.interval')} value=${interval} onChange=${setInterval}
        options=${INTERVALS.map((one) => [one, t(`interval.${one}`)])} />
    </div>
    ${answer.error && html`<${ProblemNotice} problem=${answer.error} retry=${answer.reload} />`}
    ${!series && !answer.error && html`<${Loading} />`}
    ${series && series.points.length === 0 && html`<${NoSizes} instance=${instance} />`}
    ${series?.points.length > 0 &&
    html`<${Forecast} forecast=${series.forecast} latest=${series.points.at(-1)} />
      ${asTable ? html`<${SeriesTable} series=${series} />` : html`<${SizeChart} series=${series} />`}
      <button type="button" class="quiet small" aria-pressed=${asTable} onClick=${() => setAsTable(!asTable)}>
        ${asTable ? t('sizes.as-chart') : t('sizes.as-table')}
      </button>`}
  </section>`;
}

function NoSizes({ instance }) {
  return html`<${Empty} title=${instance.last_size_sync_at ? t('sizes.none-in-range') : t('sizes.none')}>
    <p>${instance.last_size_sync_at ? t('sizes.none-in-range-next') : t('sizes.none-next')}</p>
  <//>`;
}
